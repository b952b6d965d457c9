-- name: RevisionColumns
seq, resource_type, resource_id, number, cause, event_ids, request_ids, as_of, fetched_at, recorded_at, status, triage, snapshot_hash,
previous_hash, hash, patch, snapshot

-- name: FindRevision
SELECT {RevisionColumns} FROM {schema}.revisions WHERE resource_id = @resource_id AND resource_type = @resource_type AND number = @number;

-- name: ListRevisions
SELECT {RevisionColumns} FROM {schema}.revisions
WHERE resource_id = @resource_id AND resource_type = @resource_type AND number < @before ORDER BY number DESC LIMIT @limit;

-- name: CountRevisions
-- Numbers have no gaps: the newest one counts them.
SELECT coalesce(max(number), 0) FROM {schema}.revisions WHERE resource_id = @resource_id AND resource_type = @resource_type;

-- name: CountAllRevisions
-- Nor have positions.
SELECT coalesce(max(seq), 0) FROM {schema}.revisions;

-- name: ReadRevisions
SELECT {RevisionColumns} FROM {schema}.revisions WHERE seq > @after ORDER BY seq LIMIT @limit;
