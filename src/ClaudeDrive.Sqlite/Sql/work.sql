-- name: MarkWork
-- An event came. No row, or one that only cooled and whose time is over: due now. Leased, or waiting out a delay: the due time stands.
-- Cooling or trailing after a look: Quiet after this event, but no later than MaxWait after that look.
INSERT INTO work (resource_type, resource_id, parent_id, lane, due_at, dirty, attempts)
VALUES (@resource_type, @resource_id, @parent_id, @lane, @now, 1, 0)
ON CONFLICT (resource_type, resource_id) DO UPDATE SET
  parent_id = coalesce(excluded.parent_id, parent_id),
  lane = iif(token IS NULL AND dirty = 0, excluded.lane, min(lane, excluded.lane)),
  due_at = CASE
    WHEN token IS NOT NULL OR looked_at IS NULL THEN due_at
    WHEN dirty = 0 AND due_at <= @now THEN @now
    ELSE max(@now, min(@now + @quiet, looked_at + @max_wait)) END,
  looked_at = iif(token IS NULL AND dirty = 0 AND due_at <= @now, NULL, looked_at),
  dirty = 1
-- A row that asks for a look already, as urgently, stays as it is: a storm about one session writes no page of this table but once.
WHERE dirty = 0 OR (token IS NULL AND looked_at IS NOT NULL) OR excluded.lane < lane OR excluded.parent_id <> coalesce(parent_id, '');

-- name: RequestWork
-- Somebody asked for a look: due now, or after the lease.
INSERT INTO work (resource_type, resource_id, parent_id, lane, due_at, dirty, attempts)
VALUES (@resource_type, @resource_id, @parent_id, @lane, @now, 1, 0)
ON CONFLICT (resource_type, resource_id) DO UPDATE SET
  parent_id = coalesce(excluded.parent_id, parent_id),
  lane = iif(token IS NULL AND dirty = 0, excluded.lane, min(lane, excluded.lane)),
  due_at = CASE WHEN token IS NOT NULL THEN due_at WHEN dirty = 1 THEN min(due_at, @now) ELSE @now END,
  looked_at = iif(token IS NULL AND dirty = 0 AND due_at <= @now, NULL, looked_at),
  dirty = 1;

-- name: ForgetAttempts
UPDATE work SET attempts = 0 WHERE resource_type = @resource_type AND resource_id = @resource_id;

-- name: DueWork
-- One lane at a time, so that the index gives the order and nothing that is not due is read.
SELECT id, resource_type, resource_id, parent_id, lane, attempts FROM work INDEXED BY work_due
WHERE (dirty = 1 OR token IS NOT NULL) AND lane = @lane AND due_at <= @now
ORDER BY due_at, id LIMIT @limit;

-- name: LeaseWork
UPDATE work SET token = @token, due_at = @until, dirty = 0 WHERE id = @id;

-- name: FindLease
SELECT id, dirty, lane, parent_id FROM work
WHERE resource_type = @resource_type AND resource_id = @resource_id AND token = @token;

-- name: RenewWork
UPDATE work SET due_at = @until WHERE id = @id;

-- name: ReleaseWork
UPDATE work SET token = NULL, dirty = 1, due_at = @now WHERE id = @id;

-- name: PostponeWork
UPDATE work SET token = NULL, dirty = 1, due_at = @due, looked_at = NULL, attempts = attempts + @attempts WHERE id = @id;

-- name: ReviveWork
-- After parking, for what came since the claim: as if it were new.
UPDATE work SET token = NULL, dirty = 1, due_at = @due, looked_at = NULL, attempts = 0 WHERE id = @id;

-- name: CompleteWork
UPDATE work SET token = NULL, dirty = @dirty, due_at = @due, looked_at = @now, attempts = 0 WHERE id = @id;

-- name: DeleteWork
DELETE FROM work WHERE id = @id;

-- name: DeleteCooled
DELETE FROM work WHERE id IN (
  SELECT id FROM work INDEXED BY work_cooling WHERE dirty = 0 AND token IS NULL AND due_at <= @now LIMIT @limit);

-- name: EndLeases
-- The process that held them is gone.
UPDATE work SET token = NULL, dirty = 1, due_at = min(due_at, @now) WHERE token IS NOT NULL;

-- name: NextDue
-- Rows that only cool are not in this index: they wake nobody.
SELECT min(due_at) FROM work INDEXED BY work_due WHERE (dirty = 1 OR token IS NOT NULL) AND lane = @lane;

-- name: CountWork
-- Only unfinished work has rows here.
SELECT
  coalesce(sum(token IS NULL OR due_at <= @now), 0),
  coalesce(sum(token IS NOT NULL AND due_at > @now), 0),
  min(due_at)
FROM work INDEXED BY work_due WHERE dirty = 1 OR token IS NOT NULL;

-- name: CountWorkSeen
SELECT
  coalesce(sum(token IS NULL OR due_at <= @now), 0),
  coalesce(sum(token IS NOT NULL AND due_at > @now), 0),
  min(due_at)
FROM work INDEXED BY work_due WHERE (dirty = 1 OR token IS NOT NULL) AND {where};

-- name: CountLeases
SELECT count(*) FROM work INDEXED BY work_due WHERE (dirty = 1 OR token IS NOT NULL) AND token IS NOT NULL AND due_at > @now;
