-- name: DeliveryColumns
d.seq, d.received_at, d.outcome, d.count, d.endpoint, coalesce(d.event_id, e.event_id), d.code, d.remote_ip, d.body_bytes, d.secret_id, d.elapsed

-- name: RecordDeliveries
SELECT {schema}.record_deliveries(
  @endpoint, @received_at, @outcome, @count, @code, @event_id, @elapsed, @body_bytes, @remote_ip, @secret_id);

-- name: ListDeliveries
SELECT {DeliveryColumns} FROM {schema}.deliveries d LEFT JOIN {schema}.events e ON e.seq = d.event_seq
WHERE d.seq < @before AND {where} ORDER BY d.seq DESC LIMIT @limit;

-- name: CountDeliveries
SELECT least(count(*), @most), count(*) <= @most FROM (SELECT FROM {schema}.deliveries d WHERE {where} LIMIT @most + 1) n;

-- name: CountAllDeliveries
-- Positions have no gaps: the newest counts them, less what retention took.
SELECT coalesce((SELECT max(seq) FROM {schema}.deliveries), 0)
  - coalesce((SELECT sum(value) FROM {schema}.counters WHERE name = 'purged/deliveries'), 0)::bigint;

-- name: CountOutcomes
SELECT outcome, sum(count)::bigint FROM {schema}.deliveries WHERE received_at >= @since GROUP BY outcome;

-- name: CountOutcomesSeen
SELECT d.outcome, sum(d.count)::bigint FROM {schema}.deliveries d WHERE d.received_at >= @since AND {where} GROUP BY d.outcome;

-- name: DeleteDeliveries
SELECT deleted, through, is_last FROM {schema}.delete_deliveries(@now, @keep, @after, @limit);
