-- Who is there, and who alone does what. Small tables that change often; nothing in them needs to outlive a crash of the server, but they may.
CREATE TABLE {schema}.nodes (
  node_id    text COLLATE "C" PRIMARY KEY,
  name       text COLLATE "C" NOT NULL,
  roles      int NOT NULL,
  version    text COLLATE "C" NOT NULL,
  started_at bigint NOT NULL,
  seen_at    bigint NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);

CREATE TABLE {schema}.duties (
  duty    text COLLATE "C" PRIMARY KEY,
  held_by text COLLATE "C" NOT NULL,
  since   bigint NOT NULL
);

-- The tokens of each API key's reads.
CREATE TABLE {schema}.read_buckets (
  bucket       text COLLATE "C" PRIMARY KEY,
  tokens       double precision NOT NULL,
  refilled_at  bigint NOT NULL,
  paused_until bigint NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);

-- A sign of life. Not flushed: a node that lives says so again.
CREATE FUNCTION {schema}.heartbeat(
  p_now bigint, p_node_id text, p_name text, p_roles int, p_version text, p_started_at bigint, p_forgotten bigint) RETURNS void
LANGUAGE plpgsql SET lock_timeout = '5s'
AS $$
DECLARE
  v_now bigint := coalesce(p_now, {schema}.ticks(clock_timestamp()));
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  INSERT INTO {schema}.nodes AS n (node_id, name, roles, version, started_at, seen_at)
  VALUES (p_node_id, p_name, p_roles, p_version, p_started_at, v_now)
  ON CONFLICT (node_id) DO UPDATE SET
    name = excluded.name, roles = excluded.roles, version = excluded.version, started_at = excluded.started_at,
    seen_at = greatest(n.seen_at, excluded.seen_at);
  DELETE FROM {schema}.nodes WHERE seen_at < v_now - p_forgotten;
END $$;

-- Takes a duty that is free, or whose holder is silent or unknown. Keeping one reads only.
CREATE FUNCTION {schema}.hold_duty(p_now bigint, p_duty text, p_node_id text, p_silent bigint) RETURNS boolean
LANGUAGE plpgsql SET lock_timeout = '5s'
AS $$
DECLARE
  v_now bigint := coalesce(p_now, {schema}.ticks(clock_timestamp()));
BEGIN
  IF EXISTS (SELECT 1 FROM {schema}.duties WHERE duty = p_duty AND held_by = p_node_id) THEN
    RETURN true;
  END IF;
  INSERT INTO {schema}.duties AS d (duty, held_by, since) VALUES (p_duty, p_node_id, v_now)
  ON CONFLICT (duty) DO UPDATE SET held_by = excluded.held_by, since = excluded.since
  WHERE NOT EXISTS (SELECT 1 FROM {schema}.nodes n WHERE n.node_id = d.held_by AND v_now - n.seen_at <= p_silent);
  RETURN FOUND;
END $$;

-- Takes what the bucket gives now. Not flushed: after a crash of the server the bucket is a moment older, or full.
CREATE FUNCTION {schema}.take_reads(
  p_now bigint, p_bucket text, p_per_minute int, p_want int, p_reserve int, p_pause bigint, OUT granted int, OUT wait bigint)
LANGUAGE plpgsql SET lock_timeout = '5s'
AS $$
DECLARE
  v_now bigint;
  v_row {schema}.read_buckets;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  v_now := coalesce(p_now, {schema}.ticks(clock_timestamp()));
  INSERT INTO {schema}.read_buckets (bucket, tokens, refilled_at, paused_until) VALUES (p_bucket, p_per_minute, v_now, v_now)
  ON CONFLICT (bucket) DO NOTHING;
  SELECT * INTO v_row FROM {schema}.read_buckets WHERE bucket = p_bucket FOR UPDATE;
  v_now := greatest(v_row.refilled_at, coalesce(p_now, {schema}.ticks(clock_timestamp())));
  v_row.tokens := least(p_per_minute, v_row.tokens + (v_now - v_row.refilled_at) / 1e7 * p_per_minute / 60);
  IF p_pause > 0 THEN
    v_row.paused_until := greatest(v_row.paused_until, v_now + p_pause);
  END IF;
  granted := 0;
  IF v_row.paused_until > v_now THEN
    wait := v_row.paused_until - v_now;
  ELSE
    granted := greatest(0, least(p_want, floor(v_row.tokens - p_reserve + 1e-9)::int));
    v_row.tokens := v_row.tokens - granted;
    wait := CASE WHEN granted = p_want THEN 0 ELSE (greatest(0, 1 + p_reserve - v_row.tokens) * 60 / p_per_minute * 1e7)::bigint END;
  END IF;
  UPDATE {schema}.read_buckets SET tokens = v_row.tokens, refilled_at = v_now, paused_until = v_row.paused_until WHERE bucket = p_bucket;
END $$;
