-- Who may call, and what was done. Ids are drawn, never counted: a removed one is never given again.
CREATE TABLE {schema}.teams (
  team_id    text COLLATE "C" PRIMARY KEY,
  name       text COLLATE "C" NOT NULL UNIQUE,
  created_at bigint NOT NULL
);

CREATE TABLE {schema}.team_members (
  team_id  text COLLATE "C" NOT NULL,
  subject  text COLLATE "C" NOT NULL,
  added_at bigint NOT NULL,
  place    int NOT NULL, -- order of adding in the team
  PRIMARY KEY (team_id, subject)
);
CREATE INDEX team_members_by_subject ON {schema}.team_members (subject);

CREATE TABLE {schema}.team_grants (
  team_id         text COLLATE "C" NOT NULL,
  grant_id        text COLLATE "C" NOT NULL,
  role            int NOT NULL,
  organization_id text COLLATE "C",
  workspace_id    text COLLATE "C",
  agent_id        text COLLATE "C",
  tag_key         text COLLATE "C",
  tag_value       text COLLATE "C",
  added_at        bigint NOT NULL,
  place           int NOT NULL,
  PRIMARY KEY (team_id, grant_id)
);

CREATE TABLE {schema}.access_keys (
  key_id       text COLLATE "C" PRIMARY KEY,
  prefix       text COLLATE "C" NOT NULL,
  hash         bytea NOT NULL UNIQUE, -- SHA-256 of the key; the key itself is nowhere
  name         text COLLATE "C" NOT NULL,
  team_id      text COLLATE "C",
  role         int NOT NULL,
  created_at   bigint NOT NULL,
  created_by   text COLLATE "C" NOT NULL,
  expires_at   bigint,
  last_used_at bigint,
  revoked_at   bigint
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX access_keys_by_name ON {schema}.access_keys (name) WHERE revoked_at IS NULL;
CREATE INDEX access_keys_by_team ON {schema}.access_keys (team_id) WHERE team_id IS NOT NULL;

-- Append-only, each row linked to the one before. Instants are whole microseconds: the hash covers no more.
CREATE TABLE {schema}.audit (
  seq           bigint PRIMARY KEY,
  at            bigint NOT NULL,
  actor         text COLLATE "C" NOT NULL,
  node          text COLLATE "C",
  remote_ip     text COLLATE "C",
  action        text COLLATE "C" NOT NULL,
  resource      text COLLATE "C" NOT NULL,
  reason        text COLLATE "C",
  before        text COLLATE "C",
  after         text COLLATE "C",
  previous_hash text COLLATE "C" NOT NULL,
  hash          text COLLATE "C" NOT NULL
);
CREATE INDEX audit_by_actor ON {schema}.audit (actor, seq);
CREATE INDEX audit_by_action ON {schema}.audit (action, seq);
CREATE INDEX audit_by_resource ON {schema}.audit (resource, seq);

-- The end of the log, apart from its rows: one row, whose lock puts the appenders of all nodes in line until they commit.
CREATE TABLE {schema}.audit_head (
  id   int PRIMARY KEY CHECK (id = 1),
  seq  bigint NOT NULL,
  hash text COLLATE "C" NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);
INSERT INTO {schema}.audit_head (id, seq, hash) VALUES (1, 0, repeat('0', 64));

-- A text before whose bytes stands their number, as the hash takes it. Only for texts that are stored as they are: digits here.
CREATE FUNCTION {schema}.measured(p_text text) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT
AS $$ SELECT int4send(octet_length(p_text)) || convert_to(p_text, 'UTF8') $$;

-- Appends a row; always the last lock of a transaction. p_rest: the fields from actor to after as the program hashes them, since texts may be stored
-- in another form than they have.
CREATE FUNCTION {schema}.append_audit(
  p_now bigint, p_actor text, p_node text, p_remote_ip text, p_action text, p_resource text, p_reason text, p_before text, p_after text,
  p_rest bytea) RETURNS {schema}.audit
LANGUAGE plpgsql SET lock_timeout = '5s'
AS $$
DECLARE
  v_head {schema}.audit_head;
  v_row {schema}.audit;
BEGIN
  SELECT * INTO v_head FROM {schema}.audit_head WHERE id = 1 FOR UPDATE;
  v_row.seq := v_head.seq + 1;
  v_row.at := coalesce(p_now, {schema}.ticks(clock_timestamp())) / 10 * 10;
  v_row.actor := p_actor;
  v_row.node := p_node;
  v_row.remote_ip := p_remote_ip;
  v_row.action := p_action;
  v_row.resource := p_resource;
  v_row.reason := p_reason;
  v_row.before := p_before;
  v_row.after := p_after;
  v_row.previous_hash := v_head.hash;
  v_row.hash := encode(sha256(
    {schema}.measured(v_head.hash) || {schema}.measured(v_row.seq::text) || {schema}.measured((v_row.at / 10)::text) || p_rest), 'hex');
  INSERT INTO {schema}.audit SELECT v_row.*;
  UPDATE {schema}.audit_head SET seq = v_row.seq, hash = v_row.hash WHERE id = 1;
  RETURN v_row;
END $$;

-- Puts the changes of teams and keys of all nodes in line until they commit: few, and each decides on what is there.
CREATE FUNCTION {schema}.lock_access() RETURNS void
LANGUAGE sql
AS $$ SELECT pg_advisory_xact_lock(1128549968, '{schema}.teams'::regclass::oid::int) $$;
