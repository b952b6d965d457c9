-- name: RecentTranscriptEvents
SELECT event_id, processed_at FROM {schema}.transcript WHERE session_id = @session_id AND processed_at >= @since;

-- name: ListTranscript
SELECT event_id, type, processed_at, first_revision, json FROM {schema}.transcript t
WHERE t.session_id = @session_id AND {where} ORDER BY processed_at, seq LIMIT @limit OFFSET @skip;

-- name: CountTranscript
SELECT count(*) FROM {schema}.transcript t WHERE t.session_id = @session_id AND {where};
