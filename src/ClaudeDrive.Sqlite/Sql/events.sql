-- name: EventColumns
seq, event_id, endpoint, event_type, dialect, source, lane, flags, created_at, received_at, resource_type, resource_id, parent_id,
session_id, organization_id, workspace_id, proof_request_id, state, attempts, deliveries, applied_revision, last_error

-- name: InsertEvent
INSERT INTO events (
  event_id, endpoint, event_type, dialect, source, lane, flags, created_at, received_at, resource_type, resource_id, parent_id,
  session_id, organization_id, workspace_id, proof_request_id, state, attempts, deliveries, last_error, body)
VALUES (
  @event_id, @endpoint, @event_type, @dialect, @source, @lane, @flags, @created_at, @received_at, @resource_type, @resource_id, @parent_id,
  @session_id, @organization_id, @workspace_id, @proof_request_id, @state, 0, @deliveries, @last_error, @body)
ON CONFLICT (event_id, endpoint) DO NOTHING;

-- name: CountRepeat
UPDATE events SET deliveries = deliveries + @deliveries WHERE event_id = @event_id AND endpoint = @endpoint RETURNING seq;

-- name: NewestEventSeq
SELECT coalesce(max(seq), 0) FROM events;

-- name: PendingEvents
-- The newest first, so that the limit keeps them; the caller turns them round.
SELECT {EventColumns} FROM events INDEXED BY events_pending
WHERE state = 0 AND resource_type = @resource_type AND resource_id = @resource_id AND seq <= @through
ORDER BY seq DESC LIMIT @limit;

-- name: NotePending
UPDATE events INDEXED BY events_pending SET attempts = attempts + @attempts, last_error = @error
WHERE state = 0 AND resource_type = @resource_type AND resource_id = @resource_id AND seq <= @through;

-- name: ParkPending
UPDATE events INDEXED BY events_pending SET state = 3, attempts = attempts + 1, last_error = @error
WHERE state = 0 AND resource_type = @resource_type AND resource_id = @resource_id AND seq <= @through;

-- name: SupersedePending
-- Runs before ApplyPending, which takes what is left. An event without created_at is never older than anything.
UPDATE events INDEXED BY events_pending SET state = 2, last_error = coalesce(@refusal, last_error)
WHERE state = 0 AND resource_type = @resource_type AND resource_id = @resource_id AND seq <= @through AND created_at < @before;

-- name: ApplyPending
UPDATE events INDEXED BY events_pending SET state = 1, applied_revision = @revision
WHERE state = 0 AND resource_type = @resource_type AND resource_id = @resource_id AND seq <= @through;

-- name: CoverDead
UPDATE events INDEXED BY events_dead SET state = 4, applied_revision = @revision
WHERE state = 3 AND resource_type = @resource_type AND resource_id = @resource_id AND seq <= @through;

-- name: DeadResources
-- What a retry makes due: each resource once, at its most urgent lane.
SELECT resource_type, resource_id, max(parent_id), min(lane) FROM events e
WHERE state = 3 AND resource_id IS NOT NULL AND {where}
GROUP BY resource_type, resource_id ORDER BY min(seq);

-- name: RetryDead
UPDATE events AS e SET state = 0, attempts = 0 WHERE state = 3 AND resource_id IS NOT NULL AND {where};

-- name: DiscardDead
UPDATE events AS e SET state = 5 WHERE state = 3 AND {where};

-- name: FindEvent
SELECT {EventColumns}, body FROM events e WHERE event_id = @event_id AND endpoint = @endpoint AND {where};

-- name: FindEventAnywhere
SELECT {EventColumns}, body FROM events e WHERE event_id = @event_id AND {where} ORDER BY seq DESC LIMIT 1;

-- name: ReadEventsSeen
SELECT {EventColumns} FROM events e WHERE seq > @after AND seq <= @through AND {where} ORDER BY seq LIMIT @limit;

-- name: ReadEvents
SELECT {EventColumns} FROM events WHERE seq > @after ORDER BY seq LIMIT @limit;

-- name: ListEvents
SELECT {EventColumns} FROM events e WHERE seq < @before AND {where} ORDER BY seq DESC LIMIT @limit;

-- name: CountEvents
SELECT count(*) FROM (SELECT 1 FROM events e WHERE {where} LIMIT @most + 1);

-- name: CountEventStatesSeen
SELECT state, count(*) FROM events e WHERE {where} GROUP BY state;

-- name: EventWindow
-- The next rows of a retention pass.
SELECT seq, received_at, length(body) FROM events WHERE seq > @after ORDER BY seq LIMIT @limit;

-- name: DeleteFinished
-- Final states only. By position, never by an index: the window is small. The newest row stays, or its position would be given twice.
DELETE FROM events NOT INDEXED
WHERE seq > @after AND seq <= @through AND received_at < @before AND state IN (1, 2, 4, 5) AND seq < (SELECT max(seq) FROM events)
RETURNING seq, event_id, state;
