-- Functions that others use. Each write of the store is one call of one function, in a transaction of its own: a client that stops in the middle
-- holds no lock, and behind a pooler the server's plans still live as long as its session.
-- Functions on the way of an event plan once and never by a walk: a plan made while the tables were empty serves when they are large.

-- An instant in ticks.
CREATE FUNCTION {schema}.ticks(p_at timestamptz) RETURNS bigint
LANGUAGE sql STABLE STRICT PARALLEL SAFE
AS $$ SELECT (extract(epoch FROM p_at) * 1000000)::bigint * 10 + 621355968000000000 $$;

-- Takes the lock of a log until the commit. Always the last lock but the locks of other logs, in the order events, revisions, review_steps.
CREATE FUNCTION {schema}.lock_log(p_log regclass) RETURNS void
LANGUAGE sql
AS $$ SELECT pg_advisory_xact_lock(1128549968, p_log::oid::int) $$;

CREATE FUNCTION {schema}.add_counter(p_name text, p_stripe int, p_delta bigint) RETURNS void
LANGUAGE sql
AS $$
  INSERT INTO {schema}.counters AS c (name, stripe, value) VALUES (p_name, p_stripe, p_delta)
  ON CONFLICT (name, stripe) DO UPDATE SET value = c.value + excluded.value
$$;

-- Counts events that reached one of the rarer ends. The writers share no lock, so each backend has its own row.
CREATE FUNCTION {schema}.count_closed(p_state int, p_count bigint) RETURNS void
LANGUAGE sql
AS $$
  SELECT {schema}.add_counter('events/' || p_state, pg_backend_pid() % 16, p_count) WHERE p_count > 0
$$;

-- Somebody asked for a look: due now, or after the lease.
CREATE FUNCTION {schema}.request_work(p_now bigint, p_resource_type text, p_resource_id text, p_parent_id text, p_lane int) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off SET lock_timeout = '5s'
AS $$
DECLARE
  v_now bigint := coalesce(p_now, {schema}.ticks(clock_timestamp()));
BEGIN
  INSERT INTO {schema}.work AS w (resource_type, resource_id, parent_id, lane, due_at, arrived, dirty, attempts)
  VALUES (p_resource_type, p_resource_id, p_parent_id, p_lane, v_now, (SELECT coalesce(max(seq), 0) FROM {schema}.events), true, 0)
  ON CONFLICT (resource_id, resource_type) DO UPDATE SET
    parent_id = coalesce(excluded.parent_id, w.parent_id),
    lane = CASE WHEN w.token IS NULL AND NOT w.dirty THEN excluded.lane ELSE least(w.lane, excluded.lane) END,
    arrived = CASE WHEN w.token IS NULL AND NOT w.dirty AND w.due_at <= v_now THEN excluded.arrived ELSE w.arrived END,
    due_at = CASE WHEN w.token IS NOT NULL THEN w.due_at WHEN w.dirty THEN least(w.due_at, v_now) ELSE v_now END,
    looked_at = CASE WHEN w.token IS NULL AND NOT w.dirty AND w.due_at <= v_now THEN NULL ELSE w.looked_at END,
    dirty = true;
  PERFORM pg_notify('{schema}', 'w');
END $$;

-- Appends a step to an item's history and keeps the counters of items by state, which the log's lock guards.
CREATE FUNCTION {schema}.add_step(
  p_review bigint, p_session_id text, p_at bigint, p_from int, p_to int, p_actor text, p_note text) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off
AS $$
BEGIN
  PERFORM {schema}.lock_log('{schema}.review_steps');
  INSERT INTO {schema}.review_steps (seq, review, session_id, at, from_state, to_state, actor, note)
  SELECT coalesce(max(s.seq), 0) + 1, p_review, p_session_id, p_at, p_from, p_to, p_actor, p_note FROM {schema}.review_steps s;
  IF p_from IS NOT NULL THEN
    PERFORM {schema}.add_counter('reviews/' || p_from, 0, -1);
  END IF;
  PERFORM {schema}.add_counter('reviews/' || p_to, 0, 1);
END $$;
