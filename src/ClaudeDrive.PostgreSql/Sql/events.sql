-- name: EventColumns
e.seq, e.event_id, e.endpoint, e.event_type, e.dialect, e.source, e.lane, e.flags, e.created_at, e.received_at, e.resource_type, e.resource_id,
e.parent_id, e.session_id, e.organization_id, e.workspace_id, e.proof_request_id, e.state, e.attempts, e.deliveries, e.applied_revision,
e.last_error

-- name: ListColumns
-- As EventColumns, from the tables themselves, so that a condition on the state can lead to the table that holds it.
e.seq, e.event_id, e.endpoint, e.event_type, e.dialect, e.source, e.lane, e.flags, e.created_at, e.received_at, e.resource_type, e.resource_id,
e.parent_id, e.session_id, e.organization_id, e.workspace_id, e.proof_request_id, coalesce(o.state, c.state), coalesce(o.attempts, c.attempts),
((e.flags >> 3) & 1) + coalesce(r.deliveries, 0), c.applied_revision, coalesce(o.last_error, c.last_error)

-- name: EventTables
{schema}.events e
LEFT JOIN {schema}.open_events o ON o.seq = e.seq
LEFT JOIN {schema}.closed_events c ON c.seq = e.seq
LEFT JOIN {schema}.repeats r ON r.seq = e.seq

-- name: StoreEvents
SELECT {schema}.store_events(
  @now, @quiet, @max_wait,
  @e_id, @e_endpoint, @e_type, @e_dialect, @e_source, @e_lane, @e_flags, @e_created, @e_received, @e_resource_type, @e_resource_id, @e_parent,
  @e_session, @e_organization, @e_workspace, @e_proof, @e_state, @e_body,
  @d_event, @d_first, @d_outcome, @d_endpoint, @d_received, @d_elapsed, @d_bytes, @d_ip, @d_secret);

-- name: DeadEvents
SELECT e.seq FROM {EventTables} WHERE o.state = 3 AND {where} ORDER BY e.seq;

-- name: RetryDead
-- With its row of the audit log when there were any. Of those found a moment ago another may have taken some: the row says how many were found.
WITH done AS MATERIALIZED (SELECT {schema}.retry_dead(@now, @seq) AS n)
SELECT n, CASE WHEN n > 0 THEN ({schema}.append_audit({AuditArguments})).seq END FROM done;

-- name: DiscardDead
-- As RetryDead.
WITH done AS MATERIALIZED (SELECT {schema}.discard_dead(@seq) AS n)
SELECT n, CASE WHEN n > 0 THEN ({schema}.append_audit({AuditArguments})).seq END FROM done;

-- name: FindEvent
SELECT {ListColumns}, e.body FROM {EventTables} WHERE e.event_id = @event_id AND e.endpoint = @endpoint AND {where};

-- name: FindEventAnywhere
SELECT {ListColumns}, e.body FROM {EventTables} WHERE e.event_id = @event_id AND {where} ORDER BY e.seq DESC LIMIT 1;

-- name: ReadEvents
SELECT {ListColumns} FROM {EventTables} WHERE e.seq > @after ORDER BY e.seq LIMIT @limit;

-- name: ReadEventsSeen
SELECT {ListColumns} FROM {EventTables} WHERE e.seq > @after AND e.seq <= @through AND {where} ORDER BY e.seq LIMIT @limit;

-- name: NewestEventSeq
SELECT coalesce(max(seq), 0) FROM {schema}.events;

-- name: ListEvents
SELECT {ListColumns} FROM {EventTables} WHERE e.seq < @before AND {where} ORDER BY e.seq DESC LIMIT @limit;

-- name: CountEvents
SELECT least(count(*), @most), count(*) <= @most FROM (SELECT FROM {EventTables} WHERE {where} LIMIT @most + 1) n;

-- name: CountEventStatesSeen
SELECT coalesce(o.state, c.state), count(*) FROM {EventTables} WHERE {where} GROUP BY 1;

-- name: CountEventStates
-- What is open is counted, the rarer ends have counters, and the rest of the positions that were given is applied. One snapshot, so exact.
-- The dead have an index of their own, and whatever is pending has a row in the queue: the room that a storm left in open_events is not walked.
WITH open AS (
  SELECT 3::smallint AS state, count(*) AS n FROM {schema}.open_events WHERE state = 3
  UNION ALL
  SELECT 0::smallint, count(*) FROM {schema}.work w
  JOIN {schema}.open_events o ON o.resource_id = w.resource_id AND o.resource_type = w.resource_type AND o.state = 0),
closed AS (
  SELECT substr(name, 8)::smallint AS state, sum(value)::bigint AS n FROM {schema}.counters WHERE name IN ('events/2', 'events/4', 'events/5')
  GROUP BY name)
SELECT state, n FROM open
UNION ALL SELECT state, n FROM closed
UNION ALL SELECT 1::smallint,
  coalesce((SELECT max(seq) FROM {schema}.events), 0)
  - coalesce((SELECT sum(value) FROM {schema}.counters WHERE name = 'purged/events'), 0)::bigint
  - coalesce((SELECT sum(n) FROM open), 0)::bigint - coalesce((SELECT sum(n) FROM closed), 0)::bigint;

-- name: DeleteFinished
SELECT deleted, through, is_last FROM {schema}.delete_events(@now, @keep, @after, @limit);
