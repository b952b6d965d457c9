-- name: RevisionColumns
seq, resource_type, resource_id, number, cause, event_ids, request_ids, as_of, fetched_at, recorded_at, status, triage, snapshot_hash,
previous_hash, hash, patch, snapshot

-- name: FindRevision
SELECT {RevisionColumns} FROM {schema}.revisions r
WHERE r.resource_id = @resource_id AND r.resource_type = @resource_type AND r.number = @number AND {where};

-- name: ListRevisions
SELECT {RevisionColumns} FROM {schema}.revisions r
WHERE r.resource_id = @resource_id AND r.resource_type = @resource_type AND r.number < @before AND {where} ORDER BY r.number DESC LIMIT @limit;

-- name: CountRevisions
-- Numbers have no gaps: the newest one counts them.
SELECT coalesce((SELECT r.number FROM {schema}.revisions r
  WHERE r.resource_id = @resource_id AND r.resource_type = @resource_type AND {where} ORDER BY r.number DESC LIMIT 1), 0)::bigint;

-- name: CountAllRevisions
-- Nor have positions.
SELECT coalesce(max(seq), 0) FROM {schema}.revisions;

-- name: ReadRevisions
SELECT {RevisionColumns} FROM {schema}.revisions WHERE seq > @after ORDER BY seq LIMIT @limit;

-- name: ReadRevisionsSeen
SELECT {RevisionColumns} FROM {schema}.revisions r
WHERE r.seq > @after AND r.seq <= @through AND {where} ORDER BY r.seq LIMIT @limit;

-- name: NewestRevisionSeq
SELECT coalesce(max(seq), 0) FROM {schema}.revisions;
