-- name: HoldColumns
hold_id, scope, target, reason, set_by, set_at

-- name: ListHolds
-- All of them, for administrators: bounded when they are set.
SELECT {HoldColumns} FROM holds ORDER BY place;

-- name: FindHold
SELECT {HoldColumns} FROM holds WHERE hold_id = @hold_id;

-- name: CountHolds
SELECT count(*) FROM holds;

-- name: InsertHold
INSERT INTO holds (hold_id, scope, target, reason, set_by, set_at, place)
VALUES (@hold_id, @scope, @target, @reason, @set_by, @now, (SELECT 1 + coalesce(max(place), 0) FROM holds));

-- name: DeleteHold
DELETE FROM holds WHERE hold_id = @hold_id;
