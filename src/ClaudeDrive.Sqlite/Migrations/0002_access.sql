-- Who may call, and what was done. Ids are drawn, never counted: a removed one is never given again.
CREATE TABLE teams (
  team_id    TEXT PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE team_members (
  team_id  TEXT NOT NULL,
  subject  TEXT NOT NULL,
  added_at INTEGER NOT NULL,
  place    INTEGER NOT NULL, -- order of adding in the team
  PRIMARY KEY (team_id, subject)
) WITHOUT ROWID;
CREATE INDEX team_members_by_subject ON team_members (subject);

CREATE TABLE team_grants (
  team_id         TEXT NOT NULL,
  grant_id        TEXT NOT NULL,
  role            INTEGER NOT NULL,
  organization_id TEXT,
  workspace_id    TEXT,
  agent_id        TEXT,
  tag_key         TEXT,
  tag_value       TEXT,
  added_at        INTEGER NOT NULL,
  place           INTEGER NOT NULL,
  PRIMARY KEY (team_id, grant_id)
) WITHOUT ROWID;

CREATE TABLE access_keys (
  key_id       TEXT PRIMARY KEY,
  prefix       TEXT NOT NULL,
  hash         BLOB NOT NULL UNIQUE, -- SHA-256 of the key; the key itself is nowhere
  name         TEXT NOT NULL,
  team_id      TEXT,
  role         INTEGER NOT NULL,
  created_at   INTEGER NOT NULL,
  created_by   TEXT NOT NULL,
  expires_at   INTEGER,
  last_used_at INTEGER,
  revoked_at   INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX access_keys_by_name ON access_keys (name) WHERE revoked_at IS NULL;
CREATE INDEX access_keys_by_team ON access_keys (team_id) WHERE team_id IS NOT NULL;

-- Append-only, each row linked to the one before. Instants are whole microseconds: the hash covers no more.
CREATE TABLE audit (
  seq           INTEGER PRIMARY KEY,
  at            INTEGER NOT NULL,
  actor         TEXT NOT NULL,
  node          TEXT,
  remote_ip     TEXT,
  action        TEXT NOT NULL,
  resource      TEXT NOT NULL,
  reason        TEXT,
  before        TEXT,
  after         TEXT,
  previous_hash TEXT NOT NULL,
  hash          TEXT NOT NULL
);
CREATE INDEX audit_by_actor ON audit (actor, seq);
CREATE INDEX audit_by_action ON audit (action, seq);
CREATE INDEX audit_by_resource ON audit (resource, seq);

-- The end of the log, apart from its rows: one row.
CREATE TABLE audit_head (
  id   INTEGER PRIMARY KEY CHECK (id = 1),
  seq  INTEGER NOT NULL,
  hash TEXT NOT NULL
);
