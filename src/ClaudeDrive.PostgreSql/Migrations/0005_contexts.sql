-- Stores what a look found, in one transaction. p_number null: nothing changed but what the head says of the fetch.
-- Returns 0 stored, 1 the lease is no longer the newest, 2 the context moved since the plan was made.
-- Order of locks: the work row, rows of the resource, then the logs.
CREATE FUNCTION {schema}.apply_change(
  p_now bigint, p_quiet bigint, p_max_wait bigint, p_again bigint,
  p_resource_type text, p_resource_id text, p_token bigint, p_through bigint, p_base int,
  p_applied int, p_supersede_before bigint, p_refusal text,
  t_id text[], t_type text[], t_processed bigint[], t_json bytea[],
  p_number int, p_cause text, p_event_ids text, p_request_ids text, p_fetched_at bigint, p_recorded_at bigint, p_previous_hash text,
  p_patch text, p_snapshot bytea, r_as_of bigint, r_status text, r_triage text, r_snapshot_hash text, r_hash text,
  p_parent_id text, p_revision int, p_status text, p_triage text, p_stop_reason text, p_title text, p_agent_id text, p_agent_name text,
  p_workspace_id text, p_organization_id text, p_metadata text, p_as_of bigint, p_hydrated_at bigint, p_event_cursor bigint,
  p_snapshot_hash text, p_revision_hash text, p_blockers text, p_fold text, p_object bytea,
  b_id text[], b_kind text[], b_tool text[], b_input text[], b_input_hash text[], b_thread text[], b_since bigint[],
  a_id text[], a_event text[]) RETURNS int
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off SET lock_timeout = '5s'
AS $$
DECLARE
  v_now bigint;
  v_dirty boolean;
  v_wait bigint := p_quiet;
  v_base int;
  v_seq bigint;
  v_covered bigint;
  v_superseded bigint;
BEGIN
  SELECT dirty INTO v_dirty FROM {schema}.work
  WHERE resource_id = p_resource_id AND resource_type = p_resource_type AND token = p_token FOR UPDATE;
  IF NOT FOUND THEN
    RETURN 1;
  END IF;

  v_now := coalesce(p_now, {schema}.ticks(clock_timestamp()));
  SELECT revision, revision_seq INTO v_base, v_seq FROM {schema}.contexts
  WHERE resource_id = p_resource_id AND resource_type = p_resource_type;
  IF coalesce(v_base, 0) <> p_base THEN
    RETURN 2;
  END IF;

  -- Cooling, or due again when something came since or the look asks for another.
  IF v_dirty THEN
    v_wait := least(v_wait, p_max_wait);
  END IF;
  IF p_again IS NOT NULL AND (NOT v_dirty OR p_again < v_wait) THEN
    v_wait := p_again;
  END IF;
  UPDATE {schema}.work SET
    token = NULL, held_by = NULL, dirty = v_dirty OR p_again IS NOT NULL, due_at = v_now + v_wait, looked_at = v_now, attempts = 0
  WHERE resource_id = p_resource_id AND resource_type = p_resource_type;

  -- Pending events are reflected, or older than what was known; earlier dead letters are covered. Without created_at none is older.
  WITH gone AS (
    DELETE FROM {schema}.open_events
    WHERE resource_id = p_resource_id AND resource_type = p_resource_type AND seq <= p_through
    RETURNING seq, attempts, last_error, CASE WHEN state = 3 THEN 4 WHEN created_at < p_supersede_before THEN 2 ELSE 1 END AS ends),
  ended AS (
    INSERT INTO {schema}.closed_events (seq, state, attempts, applied_revision, last_error)
    SELECT seq, ends, attempts, CASE WHEN ends <> 2 THEN p_applied END, CASE WHEN ends = 2 THEN coalesce(p_refusal, last_error) ELSE last_error END
    FROM gone RETURNING state)
  SELECT count(*) FILTER (WHERE state = 4), count(*) FILTER (WHERE state = 2) INTO v_covered, v_superseded FROM ended;
  PERFORM {schema}.count_closed(2, v_superseded);
  PERFORM {schema}.count_closed(4, v_covered);

  -- An event that comes again keeps its place among equals and the revision that first showed it.
  IF cardinality(t_id) > 0 THEN
    INSERT INTO {schema}.transcript AS t (session_id, event_id, type, processed_at, first_revision, json)
    SELECT p_resource_id, a.event_id, a.type, a.processed_at, p_revision, a.json
    FROM unnest(t_id, t_type, t_processed, t_json) WITH ORDINALITY AS a (event_id, type, processed_at, json, n) ORDER BY a.n
    ON CONFLICT (session_id, event_id) DO UPDATE SET type = excluded.type, processed_at = excluded.processed_at, json = excluded.json;
  END IF;

  -- Before the logs are locked, so that nobody waits for the logs while this waits for a person's answer to be stored.
  IF p_resource_type = 'session' THEN
    PERFORM 1 FROM {schema}.reviews WHERE state IN (0, 1) AND session_id = p_resource_id ORDER BY seq FOR UPDATE;
  END IF;

  IF p_number IS NOT NULL THEN
    PERFORM {schema}.lock_log('{schema}.revisions');
    INSERT INTO {schema}.revisions (
      seq, resource_type, resource_id, number, cause, event_ids, request_ids, as_of, fetched_at, recorded_at, status, triage, snapshot_hash,
      previous_hash, hash, patch, snapshot)
    SELECT coalesce(max(r.seq), 0) + 1, p_resource_type, p_resource_id, p_number, p_cause, p_event_ids, p_request_ids, r_as_of, p_fetched_at,
      p_recorded_at, r_status, r_triage, r_snapshot_hash, p_previous_hash, r_hash, p_patch, p_snapshot
    FROM {schema}.revisions r
    RETURNING seq INTO v_seq;
  END IF;

  IF v_base IS NOT NULL THEN
    -- The object is large and often the same: then the stored copy stays.
    UPDATE {schema}.contexts SET
      parent_id = p_parent_id, revision = p_revision, revision_seq = v_seq, status = p_status, triage = p_triage, stop_reason = p_stop_reason,
      title = p_title, agent_id = p_agent_id, agent_name = p_agent_name, workspace_id = p_workspace_id, organization_id = p_organization_id,
      metadata = p_metadata, as_of = p_as_of, hydrated_at = p_hydrated_at, event_cursor = p_event_cursor, snapshot_hash = p_snapshot_hash,
      revision_hash = p_revision_hash, blockers = p_blockers, fold = p_fold, object = CASE WHEN object = p_object THEN object ELSE p_object END
    WHERE resource_id = p_resource_id AND resource_type = p_resource_type;
  ELSIF p_number IS NOT NULL THEN
    INSERT INTO {schema}.contexts (
      resource_type, resource_id, parent_id, revision, revision_seq, status, triage, stop_reason, title, agent_id, agent_name, workspace_id,
      organization_id, metadata, as_of, hydrated_at, event_cursor, snapshot_hash, revision_hash, blockers, fold, object)
    VALUES (
      p_resource_type, p_resource_id, p_parent_id, p_revision, v_seq, p_status, p_triage, p_stop_reason, p_title, p_agent_id, p_agent_name,
      p_workspace_id, p_organization_id, p_metadata, p_as_of, p_hydrated_at, p_event_cursor, p_snapshot_hash, p_revision_hash, p_blockers,
      p_fold, p_object);
    -- The lock of the revisions guards this counter: every new context has a first revision.
    PERFORM {schema}.add_counter('contexts/' || p_resource_type, 0, 1);
  END IF;

  IF p_resource_type = 'session' THEN
    PERFORM {schema}.settle_reviews(
      v_now, p_resource_id, p_revision, p_status, b_id, b_kind, b_tool, b_input, b_input_hash, b_thread, b_since, a_id, a_event);
  END IF;
  -- Only what asks for another look wakes anybody.
  IF v_dirty OR p_again IS NOT NULL THEN
    PERFORM pg_notify('{schema}', 'w');
  END IF;
  RETURN 0;
END $$;

-- Opens items for blockers that have none, and closes those whose blocker is gone. Items that are answered are left to the sender.
CREATE FUNCTION {schema}.settle_reviews(
  p_now bigint, p_session_id text, p_revision int, p_status text,
  b_id text[], b_kind text[], b_tool text[], b_input text[], b_input_hash text[], b_thread text[], b_since bigint[],
  a_id text[], a_event text[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off
AS $$
DECLARE
  v_to int := CASE WHEN p_status IN ('deleted', 'gone', 'terminated') THEN 7 ELSE 6 END;
  v_item {schema}.reviews;
  v_blocker record;
  v_seq bigint;
BEGIN
  FOR v_item IN
    SELECT * FROM {schema}.reviews WHERE state IN (0, 1) AND session_id = p_session_id AND blocking_event_id <> ALL (b_id) ORDER BY seq
  LOOP
    -- A claim that lapsed is written down as released, so that the steps form one chain.
    IF v_item.state = 1 AND v_item.claim_expires_at <= p_now THEN
      PERFORM {schema}.add_step(v_item.seq, p_session_id, v_item.claim_expires_at, 1, 0, 'claudedrive', 'claim expired');
      v_item.state := 0;
    END IF;
    UPDATE {schema}.reviews SET
      state = v_to, claimed_by = NULL, claim_expires_at = NULL, changed_at = p_now, version = version + 1,
      answer_event_id = (SELECT a.event FROM unnest(a_id, a_event) AS a (id, event) WHERE a.id = v_item.blocking_event_id)
    WHERE seq = v_item.seq;
    PERFORM {schema}.add_step(v_item.seq, p_session_id, p_now, v_item.state, v_to, 'claudedrive', NULL);
  END LOOP;

  FOR v_blocker IN
    SELECT * FROM unnest(b_id, b_kind, b_tool, b_input, b_input_hash, b_thread, b_since)
      WITH ORDINALITY AS b (id, kind, tool, input, input_hash, thread, since, n) ORDER BY b.n
  LOOP
    -- A blocking event never gets a second item.
    CONTINUE WHEN EXISTS (SELECT 1 FROM {schema}.reviews r WHERE r.session_id = p_session_id AND r.blocking_event_id = v_blocker.id);
    INSERT INTO {schema}.reviews (
      session_id, blocking_event_id, kind, tool_name, input, input_hash, thread_id, since, state, opened_at, opened_revision, changed_at)
    VALUES (
      p_session_id, v_blocker.id, v_blocker.kind, v_blocker.tool, v_blocker.input, v_blocker.input_hash, v_blocker.thread, v_blocker.since, 0,
      p_now, p_revision, p_now)
    RETURNING seq INTO v_seq;
    PERFORM {schema}.add_step(v_seq, p_session_id, p_now, NULL, 0, 'claudedrive', NULL);
  END LOOP;
END $$;
