-- Events as they are read back.
CREATE VIEW {schema}.event_records AS
SELECT e.seq, e.event_id, e.endpoint, e.event_type, e.dialect, e.source, e.lane, e.flags, e.created_at, e.received_at, e.resource_type,
  e.resource_id, e.parent_id, e.session_id, e.organization_id, e.workspace_id, e.proof_request_id,
  coalesce(o.state, c.state) AS state, coalesce(o.attempts, c.attempts) AS attempts,
  ((e.flags >> 3) & 1) + coalesce(r.deliveries, 0) AS deliveries, c.applied_revision, coalesce(o.last_error, c.last_error) AS last_error
FROM {schema}.events e
LEFT JOIN {schema}.open_events o ON o.seq = e.seq
LEFT JOIN {schema}.closed_events c ON c.seq = e.seq
LEFT JOIN {schema}.repeats r ON r.seq = e.seq;

-- Claims due resources: by lane, due time, first arrival. One row for each pending event of each lease, oldest first, or one without an event.
-- The rows are locked first and the events read afterwards: an event that a look is asked for after its row was locked waits for this commit and
-- asks again; one that came before is visible to the statements that follow. So what lies up to through_seq is answered by this claim.
CREATE FUNCTION {schema}.claim_work(p_now bigint, p_max int, p_lease bigint, p_max_events int, p_node text)
RETURNS TABLE (
  n bigint, resource_type text, resource_id text, parent_id text, lane smallint, attempts int, token bigint, expires_at bigint,
  through_seq bigint, event {schema}.event_records)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off SET lock_timeout = '5s'
AS $$
#variable_conflict use_column
DECLARE
  v_now bigint := coalesce(p_now, {schema}.ticks(clock_timestamp()));
  v_row {schema}.work;
  v_claimed {schema}.work[] := '{}';
  v_through bigint;
BEGIN
  -- Rows that only cooled and whose time is over: a bounded number, so that a claim stays short after a storm.
  DELETE FROM {schema}.work w WHERE w.ctid = ANY (ARRAY(
    SELECT c.ctid FROM {schema}.work c WHERE NOT c.dirty AND c.token IS NULL AND c.due_at <= v_now
    ORDER BY c.due_at LIMIT 500 FOR UPDATE SKIP LOCKED));

  -- One lane at a time, so that the index gives the order and nothing that is not due is read.
  FOR v_lane IN 0..3 LOOP
    EXIT WHEN cardinality(v_claimed) >= p_max;
    FOR v_row IN
      SELECT * FROM {schema}.work w
      WHERE (w.dirty OR w.token IS NOT NULL) AND w.lane = v_lane AND w.due_at <= v_now
      ORDER BY w.lane, w.due_at, w.arrived LIMIT p_max - cardinality(v_claimed) FOR UPDATE SKIP LOCKED
    LOOP
      UPDATE {schema}.work w SET token = nextval('{schema}.tokens'), due_at = v_now + p_lease, dirty = false, held_by = p_node
      WHERE w.resource_id = v_row.resource_id AND w.resource_type = v_row.resource_type
      RETURNING * INTO v_row;
      v_claimed := v_claimed || v_row;
    END LOOP;
  END LOOP;

  IF cardinality(v_claimed) = 0 THEN
    RETURN;
  END IF;

  SELECT coalesce(max(e.seq), 0) INTO v_through FROM {schema}.events e;
  RETURN QUERY
  SELECT c.n, c.resource_type, c.resource_id, c.parent_id, c.lane, c.attempts, c.token, c.due_at, v_through, r.x
  FROM unnest(v_claimed) WITH ORDINALITY AS c (
    resource_type, resource_id, parent_id, lane, due_at, arrived, dirty, token, looked_at, attempts, held_by, n)
  LEFT JOIN LATERAL (
    SELECT o.seq FROM {schema}.open_events o
    WHERE o.resource_id = c.resource_id AND o.resource_type = c.resource_type AND o.state = 0 AND o.seq <= v_through
    ORDER BY o.seq DESC LIMIT p_max_events) p ON true
  LEFT JOIN LATERAL (SELECT x FROM {schema}.event_records x WHERE x.seq = p.seq) r ON true
  ORDER BY c.n, p.seq;
END $$;

-- Due again after a delay; p_attempts more attempts are spent. False when the lease was lost.
CREATE FUNCTION {schema}.postpone_work(
  p_now bigint, p_resource_type text, p_resource_id text, p_token bigint, p_through bigint, p_delay bigint, p_attempts int, p_error text)
RETURNS boolean
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off SET lock_timeout = '5s'
AS $$
BEGIN
  UPDATE {schema}.work SET
    token = NULL, held_by = NULL, dirty = true, due_at = coalesce(p_now, {schema}.ticks(clock_timestamp())) + p_delay, looked_at = NULL,
    attempts = attempts + p_attempts
  WHERE resource_id = p_resource_id AND resource_type = p_resource_type AND token = p_token;
  IF NOT FOUND THEN
    RETURN false;
  END IF;

  UPDATE {schema}.open_events SET attempts = attempts + p_attempts, last_error = p_error
  WHERE resource_id = p_resource_id AND resource_type = p_resource_type AND state = 0 AND seq <= p_through;
  PERFORM pg_notify('{schema}', 'w');
  RETURN true;
END $$;

-- Gives the pending events up. What came since the claim keeps the resource due, as if it were new. False when the lease was lost.
CREATE FUNCTION {schema}.park_work(
  p_now bigint, p_resource_type text, p_resource_id text, p_token bigint, p_through bigint, p_quiet bigint, p_error text)
RETURNS boolean
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off SET lock_timeout = '5s'
AS $$
DECLARE
  v_dirty boolean;
BEGIN
  SELECT dirty INTO v_dirty FROM {schema}.work
  WHERE resource_id = p_resource_id AND resource_type = p_resource_type AND token = p_token FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;

  IF v_dirty THEN
    UPDATE {schema}.work SET
      token = NULL, held_by = NULL, due_at = coalesce(p_now, {schema}.ticks(clock_timestamp())) + p_quiet, looked_at = NULL, attempts = 0
    WHERE resource_id = p_resource_id AND resource_type = p_resource_type;
  ELSE
    DELETE FROM {schema}.work WHERE resource_id = p_resource_id AND resource_type = p_resource_type;
  END IF;

  UPDATE {schema}.open_events SET state = 3, attempts = attempts + 1, last_error = p_error
  WHERE resource_id = p_resource_id AND resource_type = p_resource_type AND state = 0 AND seq <= p_through;
  PERFORM pg_notify('{schema}', 'w');
  RETURN true;
END $$;

-- Makes dead letters pending and their resources due. The resources first: then no event is ever pending without a row that asks for its look.
-- What is no longer dead by then is left alone; its resource gets one look too many.
CREATE FUNCTION {schema}.retry_dead(p_now bigint, p_seq bigint[]) RETURNS int
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off SET lock_timeout = '5s'
AS $$
DECLARE
  v_row record;
  v_count int;
BEGIN
  FOR v_row IN
    SELECT e.resource_type, e.resource_id, max(e.parent_id) AS parent_id, min(e.lane) AS lane
    FROM unnest(p_seq) AS s (seq) JOIN LATERAL (SELECT * FROM {schema}.events x WHERE x.seq = s.seq LIMIT 1) e ON true
    WHERE e.resource_id IS NOT NULL
    GROUP BY e.resource_id, e.resource_type ORDER BY e.resource_id, e.resource_type
  LOOP
    PERFORM {schema}.request_work(p_now, v_row.resource_type, v_row.resource_id, v_row.parent_id, v_row.lane);
    UPDATE {schema}.work SET attempts = 0 WHERE resource_id = v_row.resource_id AND resource_type = v_row.resource_type;
  END LOOP;

  UPDATE {schema}.open_events SET state = 0, attempts = 0 WHERE seq = ANY (p_seq) AND state = 3 AND resource_id IS NOT NULL;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END $$;

-- Drops dead letters.
CREATE FUNCTION {schema}.discard_dead(p_seq bigint[]) RETURNS int
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off SET lock_timeout = '5s'
AS $$
DECLARE
  v_count int;
BEGIN
  WITH gone AS (
    DELETE FROM {schema}.open_events WHERE seq = ANY (ARRAY(
      SELECT o.seq FROM {schema}.open_events o WHERE o.seq = ANY (p_seq) AND o.state = 3 ORDER BY o.seq FOR UPDATE))
    RETURNING seq, attempts, last_error)
  INSERT INTO {schema}.closed_events (seq, state, attempts, last_error) SELECT seq, 5, attempts, last_error FROM gone;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  PERFORM {schema}.count_closed(5, v_count);
  RETURN v_count;
END $$;
