-- name: RevisionColumns
seq, resource_type, resource_id, number, cause, event_ids, request_ids, as_of, fetched_at, recorded_at, status, triage, snapshot_hash,
previous_hash, hash, patch, snapshot

-- name: InsertRevision
INSERT INTO revisions (
  resource_type, resource_id, number, cause, event_ids, request_ids, as_of, fetched_at, recorded_at, status, triage, snapshot_hash,
  previous_hash, hash, patch, snapshot)
VALUES (
  @resource_type, @resource_id, @number, @cause, @event_ids, @request_ids, @as_of, @fetched_at, @recorded_at, @status, @triage,
  @snapshot_hash, @previous_hash, @hash, @patch, @snapshot)
RETURNING seq;

-- name: FindRevision
SELECT {RevisionColumns} FROM revisions WHERE resource_id = @resource_id AND resource_type = @resource_type AND number = @number;

-- name: ListRevisions
SELECT {RevisionColumns} FROM revisions
WHERE resource_id = @resource_id AND resource_type = @resource_type AND number < @before ORDER BY number DESC LIMIT @limit;

-- name: CountRevisions
-- Numbers have no gaps: the newest one counts them.
SELECT coalesce(max(number), 0) FROM revisions WHERE resource_id = @resource_id AND resource_type = @resource_type;

-- name: NewestRevisionSeq
SELECT coalesce(max(seq), 0) FROM revisions;

-- name: ReadRevisionsSeen
SELECT {RevisionColumns} FROM revisions WHERE seq > @after AND seq <= @through AND {where} ORDER BY seq LIMIT @limit;

-- name: ReadRevisions
SELECT {RevisionColumns} FROM revisions WHERE seq > @after ORDER BY seq LIMIT @limit;
