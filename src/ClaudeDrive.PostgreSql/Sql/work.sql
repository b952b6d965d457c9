-- name: RequestWork
SELECT {schema}.request_work(@now, @resource_type, @resource_id, @parent_id, @lane);

-- name: ClaimWork
SELECT l.n, l.resource_type, l.resource_id, l.parent_id, l.lane, l.attempts, l.token, l.expires_at, l.through_seq,
  (l.event).seq IS NOT NULL, (l.event).*
FROM {schema}.claim_work(@now, @max, @lease, @max_events, @node) l;

-- name: RenewWork
UPDATE {schema}.work SET due_at = {Now} + @lease
WHERE resource_id = @resource_id AND resource_type = @resource_type AND token = @token
RETURNING true;

-- name: ReleaseWork
WITH released AS (
  UPDATE {schema}.work SET token = NULL, held_by = NULL, dirty = true, due_at = {Now}
  WHERE resource_id = @resource_id AND resource_type = @resource_type AND token = @token
  RETURNING true AS done)
SELECT done, pg_notify('{schema}', 'w')::text FROM released;

-- name: PostponeWork
SELECT {schema}.postpone_work(@now, @resource_type, @resource_id, @token, @through, @delay, @attempts, @error);

-- name: ParkWork
SELECT {schema}.park_work(@now, @resource_type, @resource_id, @token, @through, @quiet, @error);

-- name: NextDue
-- Rows that only cool are not in this index: they wake nobody.
SELECT min(due_at), {Now} FROM (VALUES (0), (1), (2), (3)) AS l (lane), LATERAL (
  SELECT w.due_at FROM {schema}.work w WHERE (w.dirty OR w.token IS NOT NULL) AND w.lane = l.lane ORDER BY w.due_at LIMIT 1) d;

-- name: RequestLook
-- As RequestWork, with its row of the audit log.
WITH done AS MATERIALIZED (SELECT {schema}.request_work(@now, @resource_type, @resource_id, @parent_id, @lane))
SELECT ({schema}.append_audit({AuditArguments})).seq FROM done;

-- name: CountWorkSeen
SELECT
  count(*) FILTER (WHERE token IS NULL OR due_at <= {Now}),
  count(*) FILTER (WHERE token IS NOT NULL AND due_at > {Now}),
  min(due_at), {Now}
FROM {schema}.work w WHERE (dirty OR token IS NOT NULL) AND {where};

-- name: CountWork
-- Only unfinished work has rows here.
SELECT
  count(*) FILTER (WHERE token IS NULL OR due_at <= {Now}),
  count(*) FILTER (WHERE token IS NOT NULL AND due_at > {Now}),
  min(due_at), {Now}
FROM {schema}.work WHERE dirty OR token IS NOT NULL;
