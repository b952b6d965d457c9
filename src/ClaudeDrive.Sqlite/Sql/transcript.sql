-- name: PutTranscriptEvent
-- An event that comes again keeps its place among equals and the revision that first showed it.
INSERT INTO transcript (session_id, event_id, type, processed_at, first_revision, json)
VALUES (@session_id, @event_id, @type, @processed_at, @first_revision, @json)
ON CONFLICT (session_id, event_id) DO UPDATE SET type = excluded.type, processed_at = excluded.processed_at, json = excluded.json;

-- name: RecentTranscriptEvents
SELECT event_id, processed_at FROM transcript INDEXED BY transcript_in_order
WHERE session_id = @session_id AND processed_at >= @since;

-- name: ListTranscript
SELECT event_id, type, processed_at, first_revision, json FROM transcript INDEXED BY transcript_in_order
WHERE session_id = @session_id ORDER BY processed_at, seq LIMIT @limit OFFSET @skip;

-- name: CountTranscript
SELECT count(*) FROM transcript WHERE session_id = @session_id;
