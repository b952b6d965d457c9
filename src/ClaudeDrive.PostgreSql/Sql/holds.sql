-- name: HoldColumns
hold_id, scope, target, reason, set_by, set_at

-- name: LockHolds
SELECT {schema}.lock_holds(@to_change);

-- name: ListHolds
-- All of them, for administrators: bounded when they are set.
SELECT {HoldColumns} FROM {schema}.holds ORDER BY place;

-- name: FindHold
SELECT {HoldColumns} FROM {schema}.holds WHERE hold_id = @hold_id;

-- name: CountHolds
SELECT count(*) FROM {schema}.holds;

-- name: InsertHold
INSERT INTO {schema}.holds (hold_id, scope, target, reason, set_by, set_at, place)
SELECT @hold_id, @scope, @target, @reason, @set_by, {Now}, 1 + coalesce(max(place), 0) FROM {schema}.holds
RETURNING {HoldColumns};

-- name: DeleteHold
DELETE FROM {schema}.holds WHERE hold_id = @hold_id;
