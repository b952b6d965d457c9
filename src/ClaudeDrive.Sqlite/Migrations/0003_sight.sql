-- Who sees what is asked of every list. Each index gives the contexts of one scope in the order of lists, and counts them without the rows.
CREATE INDEX contexts_by_workspace ON contexts (workspace_id, revision_seq, resource_type, status, organization_id) WHERE workspace_id IS NOT NULL;
CREATE INDEX contexts_by_agent ON contexts (agent_id, revision_seq, resource_type, status) WHERE agent_id IS NOT NULL;
CREATE INDEX contexts_by_organization ON contexts (organization_id, revision_seq, resource_type, status) WHERE organization_id IS NOT NULL;

-- The metadata pairs of the heads; kept in the transaction that writes the head. revision_seq is the head's and so its order and its name.
CREATE TABLE context_tags (
  key           TEXT NOT NULL,
  value         TEXT NOT NULL,
  revision_seq  INTEGER NOT NULL,
  resource_type TEXT NOT NULL,
  PRIMARY KEY (key, value, revision_seq)
) WITHOUT ROWID;

INSERT OR IGNORE INTO context_tags (key, value, revision_seq, resource_type)
SELECT pair.key, pair.value, c.revision_seq, c.resource_type
FROM contexts c, json_each(c.metadata) pair
WHERE json_valid(c.metadata) AND json_type(c.metadata) = 'object' AND pair.type = 'text';
