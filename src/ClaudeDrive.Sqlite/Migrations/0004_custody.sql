-- What must be kept and what must go.
CREATE TABLE holds (
  hold_id TEXT PRIMARY KEY,
  scope   INTEGER NOT NULL,  -- 0 everything, 1 a workspace, 2 a session
  target  TEXT,
  reason  TEXT NOT NULL,
  set_by  TEXT NOT NULL,
  set_at  INTEGER NOT NULL,
  place   INTEGER NOT NULL   -- order of setting
) WITHOUT ROWID;
CREATE INDEX holds_by_target ON holds (scope, target);

-- Events that no rule deletes: by their own word, or by that of their resource's or session's context.
CREATE VIEW held_events AS
SELECT e.seq FROM events e
WHERE EXISTS (SELECT 1 FROM holds h WHERE h.scope = 0)
  OR EXISTS (SELECT 1 FROM holds h WHERE h.scope = 1 AND h.target = e.workspace_id)
  OR EXISTS (SELECT 1 FROM holds h WHERE h.scope = 2 AND h.target = CASE WHEN e.flags & 4 THEN e.resource_id ELSE e.session_id END)
  OR EXISTS (
    SELECT 1 FROM contexts c CROSS JOIN holds h
    WHERE c.resource_type = e.resource_type AND c.resource_id = e.resource_id AND h.scope = 1 AND h.target = c.workspace_id)
  OR EXISTS (
    SELECT 1 FROM contexts c CROSS JOIN holds h
    WHERE c.resource_type = 'session' AND c.resource_id = e.session_id AND h.scope = 1 AND h.target = c.workspace_id);

-- When the content of a deleted session went. Such a head is final: a look that was planned before must not bring the content back.
ALTER TABLE contexts ADD COLUMN content_dropped_at INTEGER;
CREATE INDEX contexts_to_drop ON contexts (revision_seq) WHERE resource_type = 'session' AND status = 'deleted' AND content_dropped_at IS NULL;
CREATE TRIGGER contexts_dropped BEFORE UPDATE ON contexts WHEN OLD.content_dropped_at IS NOT NULL
BEGIN
  SELECT RAISE(IGNORE);
END;
