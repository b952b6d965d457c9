-- Retention: one bounded step over one table, by position. is_last is true at the end, and when every row that was looked at is too young; a row from
-- the future tells nothing. The newest row stays: positions are counted on from it.

-- Under the lock of the log, so that a repeat that comes at this moment is counted on the row or stored as new, never on a row that goes. A step takes
-- milliseconds, and whoever calls rests in between.
CREATE FUNCTION {schema}.delete_events(
  p_now bigint, p_keep bigint, p_after bigint, p_limit int, OUT deleted int, OUT through bigint, OUT is_last boolean)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off SET lock_timeout = '5s'
AS $$
DECLARE
  v_now bigint;
  v_before bigint;
  v_count int;
  v_old boolean;
  v_young boolean;
  v_superseded bigint;
  v_covered bigint;
  v_discarded bigint;
BEGIN
  PERFORM {schema}.lock_log('{schema}.events');
  v_now := coalesce(p_now, {schema}.ticks(clock_timestamp()));
  v_before := v_now - p_keep;
  SELECT coalesce(max(w.seq), p_after), count(*), coalesce(bool_or(w.received_at < v_before), false),
    coalesce(bool_or(w.received_at >= v_before AND w.received_at <= v_now), false)
  INTO through, v_count, v_old, v_young
  FROM (SELECT e.seq, e.received_at FROM {schema}.events e WHERE e.seq > p_after ORDER BY e.seq LIMIT p_limit) w;
  is_last := v_count < p_limit OR (v_young AND NOT v_old);
  deleted := 0;
  IF NOT v_old THEN
    RETURN;
  END IF;

  -- What is pending or dead stands in open_events, and stays.
  WITH ended AS (
    DELETE FROM {schema}.closed_events c WHERE c.seq = ANY (ARRAY(
      SELECT e.seq FROM {schema}.events e
      WHERE e.seq > p_after AND e.seq <= through AND e.received_at < v_before AND e.seq < (SELECT max(x.seq) FROM {schema}.events x)))
    RETURNING c.seq, c.state),
  -- The event goes, the delivery stays: it names the event by itself from now on.
  named AS (
    UPDATE {schema}.deliveries d SET event_id = e.event_id, event_seq = NULL
    FROM ended, {schema}.events e WHERE d.event_seq = ended.seq AND e.seq = ended.seq),
  counted AS (
    DELETE FROM {schema}.repeats r USING ended WHERE r.seq = ended.seq),
  gone AS (
    DELETE FROM {schema}.events e USING ended WHERE e.seq = ended.seq)
  SELECT count(*), count(*) FILTER (WHERE state = 2), count(*) FILTER (WHERE state = 4), count(*) FILTER (WHERE state = 5)
  INTO deleted, v_superseded, v_covered, v_discarded FROM ended;
  IF deleted > 0 THEN
    PERFORM {schema}.add_counter('purged/events', 0, deleted);
    PERFORM {schema}.add_counter('events/' || s.state, pg_backend_pid() % 16, -s.n)
    FROM (VALUES (2, v_superseded), (4, v_covered), (5, v_discarded)) AS s (state, n) WHERE s.n > 0;
  END IF;
END $$;

CREATE FUNCTION {schema}.delete_deliveries(
  p_now bigint, p_keep bigint, p_after bigint, p_limit int, OUT deleted int, OUT through bigint, OUT is_last boolean)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off SET lock_timeout = '5s'
AS $$
DECLARE
  v_now bigint := coalesce(p_now, {schema}.ticks(clock_timestamp()));
  v_before bigint := v_now - p_keep;
  v_count int;
  v_old boolean;
  v_young boolean;
BEGIN
  SELECT coalesce(max(w.seq), p_after), count(*), coalesce(bool_or(w.received_at < v_before), false),
    coalesce(bool_or(w.received_at >= v_before AND w.received_at <= v_now), false)
  INTO through, v_count, v_old, v_young
  FROM (SELECT d.seq, d.received_at FROM {schema}.deliveries d WHERE d.seq > p_after ORDER BY d.seq LIMIT p_limit) w;
  is_last := v_count < p_limit OR (v_young AND NOT v_old);
  deleted := 0;
  IF v_old THEN
    DELETE FROM {schema}.deliveries d
    WHERE d.seq > p_after AND d.seq <= through AND d.received_at < v_before AND d.seq < (SELECT max(x.seq) FROM {schema}.deliveries x);
    GET DIAGNOSTICS deleted = ROW_COUNT;
    IF deleted > 0 THEN
      PERFORM {schema}.add_counter('purged/deliveries', 0, deleted);
    END IF;
  END IF;
END $$;
