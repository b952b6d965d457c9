-- name: DeliveryColumns
d.seq, d.received_at, d.outcome, d.count, d.endpoint, coalesce(d.event_id, e.event_id), d.code, d.remote_ip, d.body_bytes, d.secret_id, d.elapsed

-- name: InsertDelivery
INSERT INTO deliveries (received_at, outcome, count, endpoint, event_seq, event_id, code, remote_ip, body_bytes, secret_id, elapsed)
VALUES (@received_at, @outcome, @count, @endpoint, @event_seq, @event_id, @code, @remote_ip, @body_bytes, @secret_id, @elapsed);

-- name: ListDeliveries
SELECT {DeliveryColumns} FROM deliveries d LEFT JOIN events e ON e.seq = d.event_seq
WHERE d.seq < @before AND {where} ORDER BY d.seq DESC LIMIT @limit;

-- name: CountDeliveries
SELECT count(*) FROM (SELECT 1 FROM deliveries d WHERE {where} LIMIT @most + 1);

-- name: CountOutcomesSeen
SELECT d.outcome, sum(d.count) FROM deliveries d WHERE d.received_at >= @since AND {where} GROUP BY d.outcome;

-- name: CountOutcomes
SELECT outcome, sum(count) FROM deliveries WHERE received_at >= @since GROUP BY outcome;

-- name: KeepEventId
-- The event goes, the delivery stays: it names the event by itself from now on.
UPDATE deliveries INDEXED BY deliveries_by_event SET event_id = @event_id, event_seq = NULL WHERE event_seq = @seq;

-- name: DeliveryWindow
-- As EventWindow.
SELECT seq, received_at, 0 FROM deliveries WHERE seq > @after ORDER BY seq LIMIT @limit;

-- name: DeleteDeliveries
-- As DeleteFinished.
DELETE FROM deliveries NOT INDEXED
WHERE seq > @after AND seq <= @through AND received_at < @before AND seq < (SELECT max(seq) FROM deliveries);
