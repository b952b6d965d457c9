-- name: HeadColumns
resource_type, resource_id, parent_id, revision, revision_seq, status, triage, stop_reason, title, agent_id, agent_name, workspace_id,
organization_id, metadata, as_of, hydrated_at, event_cursor, snapshot_hash, revision_hash, blockers, fold, object

-- name: FindHead
SELECT {HeadColumns} FROM contexts WHERE resource_type = @resource_type AND resource_id = @resource_id;

-- name: FindHeadSeen
SELECT {HeadColumns} FROM contexts h WHERE h.resource_type = @resource_type AND h.resource_id = @resource_id AND {where};

-- name: SeesHead
SELECT 1 FROM contexts h WHERE h.resource_type = @resource_type AND h.resource_id = @resource_id AND {where};

-- name: FindHeadRevision
SELECT revision, revision_seq, metadata FROM contexts WHERE resource_type = @resource_type AND resource_id = @resource_id;

-- name: PutHead
INSERT INTO contexts ({HeadColumns})
VALUES (
  @resource_type, @resource_id, @parent_id, @revision, @revision_seq, @status, @triage, @stop_reason, @title, @agent_id, @agent_name,
  @workspace_id, @organization_id, @metadata, @as_of, @hydrated_at, @event_cursor, @snapshot_hash, @revision_hash, @blockers, @fold, @object)
ON CONFLICT (resource_type, resource_id) DO UPDATE SET
  parent_id = excluded.parent_id, revision = excluded.revision, revision_seq = excluded.revision_seq, status = excluded.status,
  triage = excluded.triage, stop_reason = excluded.stop_reason, title = excluded.title, agent_id = excluded.agent_id,
  agent_name = excluded.agent_name, workspace_id = excluded.workspace_id, organization_id = excluded.organization_id,
  metadata = excluded.metadata, as_of = excluded.as_of, hydrated_at = excluded.hydrated_at, event_cursor = excluded.event_cursor,
  snapshot_hash = excluded.snapshot_hash, revision_hash = excluded.revision_hash, blockers = excluded.blockers, fold = excluded.fold,
  object = excluded.object;

-- name: ListHeads
SELECT {HeadColumns} FROM contexts h WHERE h.revision_seq < @before AND {where} ORDER BY h.revision_seq DESC LIMIT @limit;

-- name: CountHeads
SELECT count(*) FROM (SELECT 1 FROM contexts h WHERE {where} LIMIT @most + 1);

-- name: CountHeadsAmong
-- Instead of conditions a query of positions.
SELECT count(*) FROM ({where} LIMIT @most + 1);

-- name: CountTypesAmong
-- Likewise. Numbers of revisions have no gaps: the newest counts them.
SELECT c.resource_type, count(*), sum(c.revision) FROM contexts c WHERE c.revision_seq IN ({where}) GROUP BY c.resource_type;
