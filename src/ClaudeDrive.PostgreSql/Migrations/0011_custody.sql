-- What must be kept and what must go.
CREATE TABLE {schema}.holds (
  hold_id text COLLATE "C" PRIMARY KEY,
  scope   smallint NOT NULL, -- 0 everything, 1 a workspace, 2 a session
  target  text COLLATE "C",
  reason  text COLLATE "C" NOT NULL,
  set_by  text COLLATE "C" NOT NULL,
  set_at  bigint NOT NULL,
  place   int NOT NULL       -- order of setting
);
CREATE INDEX holds_by_target ON {schema}.holds (scope, target);

-- Whoever sets a hold waits for the steps that run, and those that begin later see it: a hold that stands is obeyed at once.
CREATE FUNCTION {schema}.lock_holds(p_to_change boolean) RETURNS void
LANGUAGE sql
AS $$
  SELECT CASE WHEN p_to_change
    THEN pg_advisory_xact_lock(1128549968, '{schema}.holds'::regclass::oid::int)
    ELSE pg_advisory_xact_lock_shared(1128549968, '{schema}.holds'::regclass::oid::int) END
$$;

-- Events that no rule deletes: by their own word, or by that of their resource's or session's context.
CREATE VIEW {schema}.held_events AS
SELECT e.seq FROM {schema}.events e
WHERE EXISTS (SELECT 1 FROM {schema}.holds h WHERE h.scope = 0)
  OR EXISTS (SELECT 1 FROM {schema}.holds h WHERE h.scope = 1 AND h.target = e.workspace_id)
  OR EXISTS (SELECT 1 FROM {schema}.holds h WHERE h.scope = 2 AND h.target = CASE WHEN e.flags & 4 <> 0 THEN e.resource_id ELSE e.session_id END)
  OR EXISTS (
    SELECT 1 FROM {schema}.contexts c JOIN {schema}.holds h ON h.scope = 1 AND h.target = c.workspace_id
    WHERE c.resource_type = e.resource_type AND c.resource_id = e.resource_id)
  OR EXISTS (
    SELECT 1 FROM {schema}.contexts c JOIN {schema}.holds h ON h.scope = 1 AND h.target = c.workspace_id
    WHERE c.resource_type = 'session' AND c.resource_id = e.session_id);

-- When the content of a deleted session went. Such a head is final: a look that was planned before must not bring the content back.
ALTER TABLE {schema}.contexts ADD COLUMN content_dropped_at bigint;
CREATE INDEX contexts_to_drop ON {schema}.contexts (revision_seq)
  WHERE resource_type = 'session' AND status = 'deleted' AND content_dropped_at IS NULL;
CREATE FUNCTION {schema}.keep_dropped() RETURNS trigger
LANGUAGE plpgsql SET enable_seqscan = off
AS $$
BEGIN
  RETURN NULL;
END $$;
CREATE TRIGGER contexts_dropped BEFORE UPDATE ON {schema}.contexts
FOR EACH ROW WHEN (OLD.content_dropped_at IS NOT NULL) EXECUTE FUNCTION {schema}.keep_dropped();

-- As in 0008, with times by workspace and holds. p_keeps: the times of p_workspaces; rows are too young when they are for all of them.
DROP FUNCTION {schema}.delete_events(bigint, bigint, bigint, int);
CREATE FUNCTION {schema}.delete_events(
  p_now bigint, p_keep bigint, p_after bigint, p_limit int, p_workspaces text[], p_keeps bigint[],
  OUT deleted int, OUT through bigint, OUT is_last boolean)
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
  PERFORM {schema}.lock_holds(false);
  PERFORM {schema}.lock_log('{schema}.events');
  v_now := coalesce(p_now, {schema}.ticks(clock_timestamp()));
  v_before := v_now - least(p_keep, (SELECT min(k) FROM unnest(p_keeps) k));
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
      WHERE e.seq > p_after AND e.seq <= through AND e.seq < (SELECT max(x.seq) FROM {schema}.events x)
        AND e.received_at < v_now - coalesce((SELECT w.keep FROM unnest(p_workspaces, p_keeps) AS w (id, keep) WHERE w.id = e.workspace_id), p_keep)
        AND NOT EXISTS (SELECT 1 FROM {schema}.held_events v WHERE v.seq = e.seq)))
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

CREATE OR REPLACE FUNCTION {schema}.delete_deliveries(
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
  PERFORM {schema}.lock_holds(false);
  SELECT coalesce(max(w.seq), p_after), count(*), coalesce(bool_or(w.received_at < v_before), false),
    coalesce(bool_or(w.received_at >= v_before AND w.received_at <= v_now), false)
  INTO through, v_count, v_old, v_young
  FROM (SELECT d.seq, d.received_at FROM {schema}.deliveries d WHERE d.seq > p_after ORDER BY d.seq LIMIT p_limit) w;
  is_last := v_count < p_limit OR (v_young AND NOT v_old);
  deleted := 0;
  IF v_old THEN
    DELETE FROM {schema}.deliveries d
    WHERE d.seq > p_after AND d.seq <= through AND d.received_at < v_before AND d.seq < (SELECT max(x.seq) FROM {schema}.deliveries x)
      AND NOT EXISTS (SELECT 1 FROM {schema}.holds h WHERE h.scope = 0)
      AND NOT EXISTS (SELECT 1 FROM {schema}.held_events v WHERE v.seq = d.event_seq);
    GET DIAGNOSTICS deleted = ROW_COUNT;
    IF deleted > 0 THEN
      PERFORM {schema}.add_counter('purged/deliveries', 0, deleted);
    END IF;
  END IF;
END $$;

-- As in 0010, but for heads whose content was dropped: a look that was planned before must not bring their pairs back.
CREATE OR REPLACE FUNCTION {schema}.put_tags(p_resource_type text, p_resource_id text, p_keys text[], p_values text[]) RETURNS boolean
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off
AS $$
BEGIN
  DELETE FROM {schema}.context_tags t
  WHERE t.resource_id = p_resource_id AND t.resource_type = p_resource_type
    AND NOT EXISTS (SELECT 1 FROM unnest(p_keys, p_values) AS n (key, value) WHERE n.key = t.key AND n.value = t.value);
  INSERT INTO {schema}.context_tags AS t (resource_type, resource_id, key, value, revision_seq)
  SELECT c.resource_type, c.resource_id, n.key, n.value, c.revision_seq
  FROM unnest(p_keys, p_values) AS n (key, value), {schema}.contexts c
  WHERE c.resource_id = p_resource_id AND c.resource_type = p_resource_type AND c.content_dropped_at IS NULL
  ON CONFLICT (resource_id, resource_type, key, value) DO UPDATE SET revision_seq = excluded.revision_seq
  WHERE t.revision_seq <> excluded.revision_seq;
  RETURN true;
END $$;
