-- name: NextToDrop
-- The deleted session whose content goes next. One that still has an answer under way waits.
SELECT c.resource_id, c.revision, c.revision_hash FROM {schema}.contexts c
WHERE c.resource_type = 'session' AND c.status = 'deleted' AND c.content_dropped_at IS NULL
  AND c.hydrated_at <= {Now} - coalesce(
    (SELECT w.keep FROM unnest(@workspaces::text[], @keeps::bigint[]) AS w (id, keep) WHERE w.id = c.workspace_id), @keep::bigint)
  AND NOT EXISTS (SELECT 1 FROM {schema}.holds h WHERE h.scope = 0)
  AND NOT EXISTS (SELECT 1 FROM {schema}.holds h WHERE h.scope = 1 AND h.target = c.workspace_id)
  AND NOT EXISTS (SELECT 1 FROM {schema}.holds h WHERE h.scope = 2 AND h.target = c.resource_id)
  AND NOT EXISTS (SELECT 1 FROM {schema}.reviews r WHERE r.session_id = c.resource_id AND r.state IN (0, 1, 2, 3, 4))
ORDER BY c.revision_seq LIMIT 1 FOR UPDATE OF c SKIP LOCKED;

-- name: DropTranscript
WITH gone AS (
  DELETE FROM {schema}.transcript WHERE seq = ANY (ARRAY(
    SELECT t.seq FROM {schema}.transcript t WHERE t.session_id = @session_id LIMIT @limit))
  RETURNING 1)
SELECT count(*)::int FROM gone;

-- name: DropRevisions
-- Of the session and its threads.
WITH family AS (
  SELECT resource_type, resource_id FROM {schema}.contexts WHERE resource_type = 'session' AND resource_id = @session_id
  UNION ALL
  SELECT resource_type, resource_id FROM {schema}.contexts WHERE parent_id = @session_id AND resource_type = 'session_thread'),
gone AS (
  UPDATE {schema}.revisions SET snapshot = @snapshot, patch = @patch WHERE seq = ANY (ARRAY(
    SELECT r.seq FROM {schema}.revisions r JOIN family f ON f.resource_id = r.resource_id AND f.resource_type = r.resource_type
    WHERE r.snapshot <> @snapshot OR r.patch <> @patch LIMIT @limit))
  RETURNING 1)
SELECT count(*)::int FROM gone;

-- name: FinishDropping
WITH items AS (
  UPDATE {schema}.reviews SET input = NULL, answer = NULL, version = version + 1 WHERE session_id = @session_id RETURNING 1),
notes AS (
  UPDATE {schema}.review_steps SET note = NULL WHERE session_id = @session_id AND note IS NOT NULL RETURNING 1),
threads AS (
  UPDATE {schema}.contexts SET title = NULL, metadata = NULL, fold = NULL, blockers = '[]', object = '', content_dropped_at = {Now}
  WHERE parent_id = @session_id AND resource_type = 'session_thread' RETURNING 1),
tags AS (
  DELETE FROM {schema}.context_tags t USING {schema}.contexts c
  WHERE t.resource_id = c.resource_id AND t.resource_type = c.resource_type
    AND ((c.resource_type = 'session' AND c.resource_id = @session_id) OR (c.resource_type = 'session_thread' AND c.parent_id = @session_id))),
-- Of events that the sweep made from the session's object; those of webhooks hold ids only.
bodies AS (
  UPDATE {schema}.events SET body = @snapshot WHERE source = 1 AND resource_type = 'session' AND resource_id = @session_id RETURNING 1),
heads AS (
  UPDATE {schema}.contexts SET title = NULL, metadata = NULL, fold = NULL, blockers = '[]', object = '', content_dropped_at = {Now}
  WHERE resource_type = 'session' AND resource_id = @session_id RETURNING 1)
SELECT ((SELECT count(*) FROM items) + (SELECT count(*) FROM notes) + (SELECT count(*) FROM bodies) + (SELECT count(*) FROM threads) + (SELECT count(*) FROM heads))::int;
