-- Several changes of contexts in one transaction: takes the locks on the rows of all of them, then that of their log, and only then do they touch
-- the counters that others of this kind change too. The work rows in the order in which ingest takes them.
CREATE FUNCTION {schema}.lock_for_changes(p_resource_type text[], p_resource_id text[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off SET lock_timeout = '5s'
AS $$
BEGIN
  PERFORM 1 FROM {schema}.work w
  WHERE w.resource_id = ANY (p_resource_id)
    AND (w.resource_id, w.resource_type) IN (SELECT a.id, a.type FROM unnest(p_resource_id, p_resource_type) AS a (id, type))
  ORDER BY w.resource_id, w.resource_type FOR UPDATE;
  PERFORM 1 FROM {schema}.reviews r WHERE r.state IN (0, 1) AND r.session_id = ANY (p_resource_id) ORDER BY r.seq FOR UPDATE;
  PERFORM {schema}.lock_log('{schema}.revisions');
END $$;

-- store_events as in step 3, but for what a repeated wish does: see the end of the statement on work.
CREATE OR REPLACE FUNCTION {schema}.store_events(
  p_now bigint, p_quiet bigint, p_max_wait bigint,
  e_id text[], e_endpoint text[], e_type text[], e_dialect smallint[], e_source smallint[], e_lane smallint[], e_flags smallint[],
  e_created bigint[], e_received bigint[], e_resource_type text[], e_resource_id text[], e_parent text[], e_session text[],
  e_organization text[], e_workspace text[], e_proof text[], e_state smallint[], e_body bytea[],
  d_event int[], d_first boolean[], d_outcome smallint[], d_endpoint text[], d_received bigint[], d_elapsed bigint[], d_bytes int[],
  d_ip text[], d_secret text[]) RETURNS boolean[]
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off SET lock_timeout = '5s'
AS $$
DECLARE
  v_now bigint;
  v_last bigint;
  v_seq bigint[];
BEGIN
  PERFORM {schema}.lock_log('{schema}.events');
  v_now := coalesce(p_now, {schema}.ticks(clock_timestamp()));
  SELECT coalesce(max(seq), 0) INTO v_last FROM {schema}.events;

  -- The position of each event: its own when it is known, else the next free one. Above v_last means new, from here on.
  -- LIMIT keeps this one search of the index for each event, whatever the planner believes.
  SELECT array_agg(coalesce(k.seq, v_last + k.fresh) ORDER BY k.n) INTO v_seq
  FROM (
    SELECT a.n, x.seq, count(*) FILTER (WHERE x.seq IS NULL) OVER (ORDER BY a.n) AS fresh
    FROM unnest(e_id, e_endpoint) WITH ORDINALITY AS a (event_id, endpoint, n)
    LEFT JOIN LATERAL (
      SELECT e.seq FROM {schema}.events e WHERE e.event_id = a.event_id AND e.endpoint = a.endpoint LIMIT 1) x ON true) k;

  INSERT INTO {schema}.events (
    seq, event_id, endpoint, event_type, dialect, source, lane, flags, created_at, received_at, resource_type, resource_id, parent_id,
    session_id, organization_id, workspace_id, proof_request_id, body)
  SELECT a.* FROM unnest(
    v_seq, e_id, e_endpoint, e_type, e_dialect, e_source, e_lane, e_flags, e_created, e_received, e_resource_type, e_resource_id, e_parent,
    e_session, e_organization, e_workspace, e_proof, e_body) AS a (
    seq, event_id, endpoint, event_type, dialect, source, lane, flags, created_at, received_at, resource_type, resource_id, parent_id,
    session_id, organization_id, workspace_id, proof_request_id, body)
  WHERE a.seq > v_last;

  INSERT INTO {schema}.open_events (seq, created_at, state, attempts, resource_type, resource_id, last_error)
  SELECT a.seq, a.created_at, a.state, 0, a.resource_type, a.resource_id, CASE WHEN a.state = 3 THEN 'unparsed' END
  FROM unnest(v_seq, e_created, e_state, e_resource_type, e_resource_id) AS a (seq, created_at, state, resource_type, resource_id)
  WHERE a.seq > v_last AND a.state <> 1;

  IF 1 = ANY (e_state) THEN
    INSERT INTO {schema}.closed_events (seq, state, attempts)
    SELECT a.seq, a.state, 0 FROM unnest(v_seq, e_state) AS a (seq, state) WHERE a.seq > v_last AND a.state = 1;
  END IF;

  IF cardinality(d_event) > 0 THEN
    INSERT INTO {schema}.deliveries (seq, received_at, elapsed, event_seq, count, body_bytes, outcome, endpoint, remote_ip, secret_id)
    SELECT l.last + d.n, d.received_at, d.elapsed, v_seq[d.event], 1, d.body_bytes,
      CASE WHEN d.outcome = 0 AND NOT (d.first AND v_seq[d.event] > v_last) THEN 1 ELSE d.outcome END, d.endpoint, d.remote_ip, d.secret_id
    FROM unnest(d_event, d_first, d_outcome, d_endpoint, d_received, d_elapsed, d_bytes, d_ip, d_secret)
      WITH ORDINALITY AS d (event, first, outcome, endpoint, received_at, elapsed, body_bytes, remote_ip, secret_id, n),
      (SELECT coalesce(max(seq), 0) AS last FROM {schema}.deliveries) l;

    INSERT INTO {schema}.repeats AS r (seq, deliveries)
    SELECT v_seq[d.event], count(*) FROM unnest(d_event, d_first) AS d (event, first)
    WHERE NOT (d.first AND v_seq[d.event] > v_last) GROUP BY 1 ORDER BY 1
    ON CONFLICT (seq) DO UPDATE SET deliveries = r.deliveries + excluded.deliveries;
  END IF;

  -- An event came. No row, or one that only cooled and whose time is over: due now. Leased, or waiting out a delay: the due time stands.
  -- Cooling or trailing after a look: quiet after this event, but no later than max_wait after that look.
  INSERT INTO {schema}.work AS w (resource_type, resource_id, parent_id, lane, due_at, arrived, dirty, attempts)
  SELECT a.resource_type, a.resource_id, (array_agg(a.parent_id ORDER BY a.seq DESC) FILTER (WHERE a.parent_id IS NOT NULL))[1],
    min(a.lane), v_now, min(a.seq), true, 0
  FROM unnest(v_seq, e_state, e_resource_type, e_resource_id, e_parent, e_lane) AS a (seq, state, resource_type, resource_id, parent_id, lane)
  WHERE a.seq > v_last AND a.state = 0
  GROUP BY a.resource_id, a.resource_type
  ORDER BY a.resource_id COLLATE "C", a.resource_type COLLATE "C"
  ON CONFLICT (resource_id, resource_type) DO UPDATE SET
    parent_id = coalesce(excluded.parent_id, w.parent_id),
    lane = CASE WHEN w.token IS NULL AND NOT w.dirty THEN excluded.lane ELSE least(w.lane, excluded.lane) END,
    arrived = CASE WHEN w.token IS NULL AND NOT w.dirty AND w.due_at <= v_now THEN excluded.arrived ELSE w.arrived END,
    due_at = CASE
      WHEN w.token IS NOT NULL OR w.looked_at IS NULL THEN w.due_at
      WHEN NOT w.dirty AND w.due_at <= v_now THEN v_now
      ELSE greatest(v_now, least(v_now + p_quiet, w.looked_at + p_max_wait)) END,
    looked_at = CASE WHEN w.token IS NULL AND NOT w.dirty AND w.due_at <= v_now THEN NULL ELSE w.looked_at END,
    dirty = true
  -- A row that asks for a look already, as urgently, stays as it is, and nobody is woken again: a storm about one session writes one version of
  -- it, not one for each batch. It is locked all the same, so that no claim passes between this event and its look.
  WHERE NOT w.dirty OR (w.token IS NULL AND w.looked_at IS NOT NULL) OR excluded.lane < w.lane OR excluded.parent_id <> coalesce(w.parent_id, '');
  IF FOUND THEN
    PERFORM pg_notify('{schema}', 'w');
  END IF;
  RETURN ARRAY(SELECT s > v_last FROM unnest(v_seq) WITH ORDINALITY AS u (s, n) ORDER BY n);
END $$;

-- claim_work as in step 4, but for a LIMIT at its end: it keeps the reading of each event one search of each index. Without it the planner, once it knows
-- the tables, joins all events that there are by walking over their indexes, which grows with the history.
CREATE OR REPLACE FUNCTION {schema}.claim_work(p_now bigint, p_max int, p_lease bigint, p_max_events int, p_node text)
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
  LEFT JOIN LATERAL (SELECT x FROM {schema}.event_records x WHERE x.seq = p.seq LIMIT 1) r ON true
  ORDER BY c.n, p.seq;
END $$;
