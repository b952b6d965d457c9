-- Changes an item that is still as it was when the change was decided (p_version), with the steps that lead there. False when it has moved since.
-- p_answers: this stores the answer, so the session's newest revision is noted. p_looks: the session becomes due for a look.
CREATE FUNCTION {schema}.move_review(
  p_now bigint, p_seq bigint, p_version int, p_state int, p_claimed_by text, p_claim_expires_at bigint, p_answered_by text,
  p_answered_at bigint, p_answered_revision int, p_answer text, p_send_attempts int, p_problem text, p_answer_event_id text,
  p_changed_at bigint, p_due_at bigint, p_answers boolean, p_looks boolean,
  s_at bigint[], s_from int[], s_to int[], s_actor text[], s_note text[]) RETURNS boolean
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off SET lock_timeout = '5s'
AS $$
DECLARE
  v_session text;
BEGIN
  UPDATE {schema}.reviews r SET
    version = version + 1, state = p_state, claimed_by = p_claimed_by, claim_expires_at = p_claim_expires_at, answered_by = p_answered_by,
    answered_at = p_answered_at, answer = p_answer, send_attempts = p_send_attempts, problem = p_problem, answer_event_id = p_answer_event_id,
    changed_at = p_changed_at, due_at = p_due_at, token = NULL, held_by = NULL,
    answered_revision = CASE WHEN p_answers
      THEN (SELECT c.revision FROM {schema}.contexts c WHERE c.resource_id = r.session_id AND c.resource_type = 'session')
      ELSE p_answered_revision END
  WHERE seq = p_seq AND version = p_version
  RETURNING session_id INTO v_session;
  IF NOT FOUND THEN
    RETURN false;
  END IF;

  IF p_looks THEN
    PERFORM {schema}.request_work(p_now, 'session', v_session, NULL, 1);
  END IF;
  FOR i IN 1..cardinality(s_to) LOOP
    PERFORM {schema}.add_step(p_seq, v_session, s_at[i], s_from[i], s_to[i], s_actor[i], s_note[i]);
  END LOOP;
  IF p_due_at IS NOT NULL THEN
    PERFORM pg_notify('{schema}', 's');
  END IF;
  RETURN true;
END $$;

-- Claims answers that are due, oldest first, and moves them to sending. What was being sent already had a sender that died: it must be verified.
CREATE FUNCTION {schema}.claim_sends(p_now bigint, p_max int, p_lease bigint, p_node text)
RETURNS TABLE (item {schema}.reviews, must_verify boolean)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off SET lock_timeout = '5s'
AS $$
DECLARE
  v_now bigint := coalesce(p_now, {schema}.ticks(clock_timestamp()));
  v_from int;
BEGIN
  FOR item IN
    SELECT * FROM {schema}.reviews r WHERE r.due_at <= v_now ORDER BY r.answered_at, r.seq LIMIT p_max FOR UPDATE SKIP LOCKED
  LOOP
    v_from := item.state;
    must_verify := v_from IN (3, 4);
    UPDATE {schema}.reviews r SET
      version = version + 1, state = 3, send_attempts = send_attempts + 1, token = nextval('{schema}.tokens'), due_at = v_now + p_lease,
      held_by = p_node, changed_at = CASE WHEN v_from = 3 THEN changed_at ELSE v_now END
    WHERE r.seq = item.seq RETURNING r.* INTO item;
    IF v_from <> 3 THEN
      PERFORM {schema}.add_step(item.seq, item.session_id, v_now, v_from, 3, 'claudedrive', NULL);
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;
