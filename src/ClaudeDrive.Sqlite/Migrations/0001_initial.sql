-- Instants are UTC in ticks of 100 ns since 0001-01-01, so that hashes over them can be re-verified exactly.
-- Enumerations are their numbers. Positions (seq) are row ids: the newest row of a table must never be deleted, or its position is given twice.

-- Numbers that would otherwise cost a walk over history; kept in the transaction that changes what they count.
CREATE TABLE counters (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE readers (
  name TEXT PRIMARY KEY,
  seq  INTEGER NOT NULL
) WITHOUT ROWID;

-- Append-only but for the columns state to last_error.
CREATE TABLE events (
  seq              INTEGER PRIMARY KEY,
  event_id         TEXT NOT NULL,
  endpoint         TEXT NOT NULL,
  event_type       TEXT NOT NULL,
  dialect          INTEGER NOT NULL,
  source           INTEGER NOT NULL,
  lane             INTEGER NOT NULL,
  flags            INTEGER NOT NULL, -- 1 deletion, 2 unparsed, 4 the session is the resource (session_id is null then: it need not be kept twice)
  created_at       INTEGER,
  received_at      INTEGER NOT NULL,
  resource_type    TEXT,
  resource_id      TEXT,
  parent_id        TEXT,
  session_id       TEXT,
  organization_id  TEXT,
  workspace_id     TEXT,
  proof_request_id TEXT,
  state            INTEGER NOT NULL,
  attempts         INTEGER NOT NULL,
  deliveries       INTEGER NOT NULL,
  applied_revision INTEGER,
  last_error       TEXT,
  body             BLOB NOT NULL
);
-- The ids as given, never hashed: time-ordered ids keep inserts at the right end of the tree. The id leads, so that it alone finds the event.
CREATE UNIQUE INDEX events_by_id ON events (event_id, endpoint);
-- The way of an event touches only this small index; finished events leave it, for the next two. They move there together, resource by
-- resource, while ingest would dirty a page of a large tree for each event.
CREATE INDEX events_pending ON events (resource_id) WHERE state = 0;
CREATE INDEX events_by_resource ON events (resource_id) WHERE state <> 0 AND resource_id IS NOT NULL;
CREATE INDEX events_by_session ON events (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX events_dead ON events (resource_id) WHERE state = 3;
-- The dead letters in order of arrival, however many events came since.
CREATE INDEX events_dead_in_order ON events (state) WHERE state = 3;

-- One row per resource that is due, leased, or cooling after a look.
CREATE TABLE work (
  id            INTEGER PRIMARY KEY, -- order of first arrival among the rows present
  resource_type TEXT NOT NULL,
  resource_id   TEXT NOT NULL,
  parent_id     TEXT,
  lane          INTEGER NOT NULL,
  due_at        INTEGER NOT NULL,    -- while leased: the end of the lease
  dirty         INTEGER NOT NULL,    -- 1: a look is asked for; while leased: another one
  token         INTEGER,             -- fencing token of the lease; null when not leased
  looked_at     INTEGER,             -- end of the last completed look; null when fresh, leased, or waiting out a delay
  attempts      INTEGER NOT NULL,
  UNIQUE (resource_type, resource_id)
);
CREATE INDEX work_due ON work (lane, due_at) WHERE dirty = 1 OR token IS NOT NULL;
CREATE INDEX work_cooling ON work (due_at) WHERE dirty = 0 AND token IS NULL;

CREATE TABLE deliveries (
  seq           INTEGER PRIMARY KEY,
  received_at   INTEGER NOT NULL,
  outcome       INTEGER NOT NULL,
  count         INTEGER NOT NULL,
  endpoint      TEXT NOT NULL,
  event_seq     INTEGER,             -- the event it carried, when that is stored
  event_id      TEXT,                -- its id, when it is not
  code          TEXT,
  remote_ip     TEXT,
  body_bytes    INTEGER NOT NULL,
  secret_id     TEXT,
  elapsed       INTEGER NOT NULL
);
CREATE INDEX deliveries_by_event ON deliveries (event_seq) WHERE event_seq IS NOT NULL;
CREATE INDEX deliveries_by_event_id ON deliveries (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX deliveries_by_time ON deliveries (received_at, outcome, count);

CREATE TABLE contexts (
  id              INTEGER PRIMARY KEY,
  resource_type   TEXT NOT NULL,
  resource_id     TEXT NOT NULL,
  parent_id       TEXT,
  revision        INTEGER NOT NULL,
  revision_seq    INTEGER NOT NULL,
  status          TEXT NOT NULL,
  triage          TEXT,
  stop_reason     TEXT,
  title           TEXT,
  agent_id        TEXT,
  agent_name      TEXT,
  workspace_id    TEXT,
  organization_id TEXT,
  metadata        TEXT,
  as_of           INTEGER NOT NULL,
  hydrated_at     INTEGER NOT NULL,
  event_cursor    INTEGER,
  snapshot_hash   TEXT NOT NULL,
  revision_hash   TEXT NOT NULL,
  blockers        TEXT NOT NULL,
  fold            TEXT,
  object          BLOB NOT NULL,
  UNIQUE (resource_type, resource_id)
);
CREATE UNIQUE INDEX contexts_by_change ON contexts (revision_seq);
CREATE INDEX contexts_by_status ON contexts (resource_type, status, revision_seq);
CREATE INDEX contexts_by_type ON contexts (resource_type, revision_seq);
CREATE INDEX contexts_by_parent ON contexts (parent_id, revision_seq) WHERE parent_id IS NOT NULL;

-- Append-only.
CREATE TABLE revisions (
  seq           INTEGER PRIMARY KEY,
  resource_type TEXT NOT NULL,
  resource_id   TEXT NOT NULL,
  number        INTEGER NOT NULL,
  cause         TEXT NOT NULL,
  event_ids     TEXT NOT NULL,
  request_ids   TEXT NOT NULL,
  as_of         INTEGER NOT NULL,
  fetched_at    INTEGER NOT NULL,
  recorded_at   INTEGER NOT NULL,
  status        TEXT NOT NULL,
  triage        TEXT,
  snapshot_hash TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash          TEXT NOT NULL,
  patch         TEXT NOT NULL,
  snapshot      BLOB NOT NULL
);
CREATE UNIQUE INDEX revisions_by_number ON revisions (resource_id, resource_type, number);

CREATE TABLE transcript (
  seq            INTEGER PRIMARY KEY,
  session_id     TEXT NOT NULL,
  event_id       TEXT NOT NULL,
  type           TEXT NOT NULL,
  processed_at   INTEGER NOT NULL,   -- 9223372036854775807 while queued: sorts last
  first_revision INTEGER NOT NULL,
  json           BLOB NOT NULL
);
CREATE UNIQUE INDEX transcript_by_id ON transcript (session_id, event_id);
CREATE INDEX transcript_in_order ON transcript (session_id, processed_at, seq);

CREATE TABLE reviews (
  seq               INTEGER PRIMARY KEY, -- the review id is rev_ and this number
  session_id        TEXT NOT NULL,
  blocking_event_id TEXT NOT NULL,
  kind              TEXT NOT NULL,
  tool_name         TEXT,
  input             TEXT,
  input_hash        TEXT NOT NULL,
  thread_id         TEXT,
  since             INTEGER,
  state             INTEGER NOT NULL,
  opened_at         INTEGER NOT NULL,
  opened_revision   INTEGER NOT NULL,
  claimed_by        TEXT,
  claim_expires_at  INTEGER,
  answered_by       TEXT,
  answered_at       INTEGER,
  answered_revision INTEGER,
  answer            TEXT,
  send_attempts     INTEGER NOT NULL,
  problem           TEXT,
  answer_event_id   TEXT,
  changed_at        INTEGER NOT NULL,
  due_at            INTEGER,             -- when it is to be sent; while sending: the end of the lease; else null
  token             INTEGER              -- fencing token while sending
);
CREATE UNIQUE INDEX reviews_by_blocker ON reviews (session_id, blocking_event_id);
CREATE INDEX reviews_waiting ON reviews (session_id, blocking_event_id) WHERE state IN (0, 1);
CREATE INDEX reviews_by_state ON reviews (state);
CREATE INDEX reviews_claimed ON reviews (claim_expires_at) WHERE state = 1;
CREATE INDEX reviews_due ON reviews (due_at) WHERE due_at IS NOT NULL;

-- Append-only.
CREATE TABLE review_steps (
  seq        INTEGER PRIMARY KEY,
  review     INTEGER NOT NULL,
  session_id TEXT NOT NULL,
  at         INTEGER NOT NULL,
  from_state INTEGER,
  to_state   INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  note       TEXT
);
CREATE INDEX review_steps_by_review ON review_steps (review);
CREATE INDEX review_steps_by_session ON review_steps (session_id);
