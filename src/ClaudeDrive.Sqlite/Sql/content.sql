-- name: NextToDrop
-- The deleted session whose content goes next. One that still has an answer under way waits.
SELECT c.resource_id, c.revision, c.revision_hash FROM contexts c INDEXED BY contexts_to_drop
WHERE c.resource_type = 'session' AND c.status = 'deleted' AND c.content_dropped_at IS NULL
  AND c.hydrated_at <= coalesce((SELECT w.value FROM json_each(@workspaces) w WHERE w.key = c.workspace_id), @before)
  AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.scope = 0)
  AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.scope = 1 AND h.target = c.workspace_id)
  AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.scope = 2 AND h.target = c.resource_id)
  AND NOT EXISTS (SELECT 1 FROM reviews r INDEXED BY reviews_by_blocker WHERE r.session_id = c.resource_id AND r.state IN (0, 1, 2, 3, 4))
ORDER BY c.revision_seq LIMIT 1;

-- name: DropTranscript
-- Positions of a transcript only order what is of one instant: they may be given again.
DELETE FROM transcript WHERE seq IN (
  SELECT seq FROM transcript INDEXED BY transcript_by_id WHERE session_id = @session_id LIMIT @limit);

-- name: DropFamily
-- The session and its threads.
SELECT resource_type, resource_id FROM contexts WHERE resource_type = 'session' AND resource_id = @session_id
UNION ALL
SELECT resource_type, resource_id FROM contexts WHERE parent_id = @session_id AND resource_type = 'session_thread';

-- name: DropRevisions
UPDATE revisions SET snapshot = @snapshot, patch = @patch WHERE seq IN (
  SELECT seq FROM revisions INDEXED BY revisions_by_number
  WHERE resource_id = @resource_id AND resource_type = @resource_type AND (snapshot <> @snapshot OR patch <> @patch) LIMIT @limit);

-- name: DropReviews
UPDATE reviews SET input = NULL, answer = NULL WHERE session_id = @session_id;

-- name: DropNotes
UPDATE review_steps SET note = NULL WHERE session_id = @session_id AND note IS NOT NULL;

-- name: DropHead
UPDATE contexts SET title = NULL, metadata = NULL, fold = NULL, blockers = '[]', object = x'', content_dropped_at = @now
WHERE resource_type = @resource_type AND resource_id = @resource_id AND content_dropped_at IS NULL;

-- name: DropBodies
-- Of events that the sweep made from the session's object; those of webhooks hold ids only.
UPDATE events SET body = @snapshot
WHERE source = 1 AND resource_type = 'session' AND ((state = 0 AND resource_id = @session_id) OR (state <> 0 AND resource_id = @session_id));
