-- {schema} is the name of the schema. Everything is named with it: behind a transaction-mode pooler there is no search_path to rely on.
-- Instants are UTC in ticks of 100 ns since 0001-01-01, so that hashes over them can be re-verified exactly. Enumerations are their numbers.
-- Texts compare byte by byte (collation "C"): no change of a locale can reorder an index. The program escapes what PostgreSQL cannot hold.
--
-- Positions (seq) of events, deliveries, revisions and steps have no gaps and are visible in their order: whoever appends takes the log's advisory
-- lock, which ends with the commit, and counts on from the newest. A reader that remembers a position so misses nothing, and the newest position
-- counts the log. The newest row of such a table must never be deleted, or its position is given twice.
-- Not unlogged, not partitioned: dedupe is over the whole inbox.

CREATE TABLE {schema}.settings (
  name  text COLLATE "C" PRIMARY KEY,
  value text COLLATE "C" NOT NULL
);

CREATE TABLE {schema}.readers (
  name text COLLATE "C" PRIMARY KEY,
  seq  bigint NOT NULL
);

-- Numbers that would otherwise cost a walk over history and that no position tells. Several rows a name, added up by readers, where writers that
-- share no lock change the same number.
CREATE TABLE {schema}.counters (
  name   text COLLATE "C" NOT NULL,
  stripe smallint NOT NULL,
  value  bigint NOT NULL,
  PRIMARY KEY (name, stripe)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);

-- Fencing tokens of every kind of lease: a later claim always has a larger one.
CREATE SEQUENCE {schema}.tokens;

-- Append-only. What becomes of an event stands in open_events, and once that is final in closed_events: each event is in exactly one of them.
CREATE TABLE {schema}.events (
  seq              bigint PRIMARY KEY,
  created_at       bigint,
  received_at      bigint NOT NULL,
  dialect          smallint NOT NULL,
  source           smallint NOT NULL,
  lane             smallint NOT NULL,
  flags            smallint NOT NULL, -- 1 deletion, 2 unparsed, 4 the session is the resource (session_id is null then), 8 a delivery brought it
  event_id         text COLLATE "C" NOT NULL,
  endpoint         text COLLATE "C" NOT NULL,
  event_type       text COLLATE "C" NOT NULL,
  resource_type    text COLLATE "C",
  resource_id      text COLLATE "C",
  parent_id        text COLLATE "C",
  session_id       text COLLATE "C",
  organization_id  text COLLATE "C",
  workspace_id     text COLLATE "C",
  proof_request_id text COLLATE "C",
  body             bytea NOT NULL
) WITH (autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_vacuum_scale_factor = 0.05);
-- The ids as given, never hashed: time-ordered ids keep inserts at the right end of the tree. The id leads, so that it alone finds the event.
CREATE UNIQUE INDEX events_by_id ON {schema}.events (event_id, endpoint);
CREATE INDEX events_by_resource ON {schema}.events (resource_id) WHERE resource_id IS NOT NULL;
CREATE INDEX events_by_session ON {schema}.events (session_id) WHERE session_id IS NOT NULL;

-- Pending (0) and dead (3) events: what ingest adds and a look removes. Small and vacuumed often, however long the history is.
CREATE TABLE {schema}.open_events (
  seq           bigint PRIMARY KEY,
  created_at    bigint,
  state         smallint NOT NULL,
  attempts      int NOT NULL,
  resource_type text COLLATE "C",
  resource_id   text COLLATE "C",
  last_error    text COLLATE "C"
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 2000, autovacuum_vacuum_insert_scale_factor = 0.2);
CREATE INDEX open_events_by_resource ON {schema}.open_events (resource_id) WHERE resource_id IS NOT NULL;
CREATE INDEX open_events_dead ON {schema}.open_events (seq) WHERE state = 3;

-- Append-only: the end of each event that is neither pending nor dead.
CREATE TABLE {schema}.closed_events (
  seq              bigint PRIMARY KEY,
  state            smallint NOT NULL,
  attempts         int NOT NULL,
  applied_revision int,
  last_error       text COLLATE "C"
) WITH (autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_vacuum_scale_factor = 0.05);
-- Lists of the rarer ends.
CREATE INDEX closed_events_by_state ON {schema}.closed_events (state, seq) WHERE state <> 1;

-- Deliveries of an event beside the one that brought it. Apart from events, so that a repeat rewrites neither a body nor a row that a look changes.
CREATE TABLE {schema}.repeats (
  seq        bigint PRIMARY KEY,
  deliveries int NOT NULL
) WITH (fillfactor = 80);

-- One row per resource that is due, leased, or cooling after a look: the queue. Every statement on it goes through an index.
CREATE TABLE {schema}.work (
  resource_type text COLLATE "C" NOT NULL,
  resource_id   text COLLATE "C" NOT NULL,
  parent_id     text COLLATE "C",
  lane          smallint NOT NULL,
  due_at        bigint NOT NULL,     -- while leased: the end of the lease
  arrived       bigint NOT NULL,     -- order of first arrival: the position of the event, or that of the newest event for a request
  dirty         boolean NOT NULL,    -- true: a look is asked for; while leased: another one
  token         bigint,              -- fencing token of the lease; null when not leased
  looked_at     bigint,              -- end of the last completed look; null when fresh or waiting out a delay
  attempts      int NOT NULL,
  held_by       text COLLATE "C",    -- the node that holds the lease
  PRIMARY KEY (resource_id, resource_type)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 500);
CREATE INDEX work_due ON {schema}.work (lane, due_at, arrived) WHERE dirty OR token IS NOT NULL;
CREATE INDEX work_cooling ON {schema}.work (due_at) WHERE NOT dirty AND token IS NULL;

CREATE TABLE {schema}.deliveries (
  seq         bigint PRIMARY KEY,
  received_at bigint NOT NULL,
  elapsed     bigint NOT NULL,
  event_seq   bigint,                -- the event it carried, when that is stored
  count       int NOT NULL,
  body_bytes  int NOT NULL,
  outcome     smallint NOT NULL,
  endpoint    text COLLATE "C" NOT NULL,
  event_id    text COLLATE "C",      -- the event's id, when it is not stored
  code        text COLLATE "C",
  remote_ip   text COLLATE "C",
  secret_id   text COLLATE "C"
) WITH (autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX deliveries_by_event ON {schema}.deliveries (event_seq) WHERE event_seq IS NOT NULL;
CREATE INDEX deliveries_by_event_id ON {schema}.deliveries (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX deliveries_by_time ON {schema}.deliveries (received_at, outcome, count);

CREATE TABLE {schema}.contexts (
  resource_type   text COLLATE "C" NOT NULL,
  resource_id     text COLLATE "C" NOT NULL,
  parent_id       text COLLATE "C",
  revision        int NOT NULL,
  revision_seq    bigint NOT NULL,
  status          text COLLATE "C" NOT NULL,
  triage          text COLLATE "C",
  stop_reason     text COLLATE "C",
  title           text COLLATE "C",
  agent_id        text COLLATE "C",
  agent_name      text COLLATE "C",
  workspace_id    text COLLATE "C",
  organization_id text COLLATE "C",
  metadata        text COLLATE "C",
  as_of           bigint NOT NULL,
  hydrated_at     bigint NOT NULL,
  event_cursor    bigint,
  snapshot_hash   text COLLATE "C" NOT NULL,
  revision_hash   text COLLATE "C" NOT NULL,
  blockers        text COLLATE "C" NOT NULL,
  fold            text COLLATE "C",
  object          bytea NOT NULL,
  PRIMARY KEY (resource_id, resource_type)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
CREATE UNIQUE INDEX contexts_by_change ON {schema}.contexts (revision_seq);
CREATE INDEX contexts_by_status ON {schema}.contexts (resource_type, status, revision_seq);
CREATE INDEX contexts_by_type ON {schema}.contexts (resource_type, revision_seq);
CREATE INDEX contexts_by_parent ON {schema}.contexts (parent_id, revision_seq) WHERE parent_id IS NOT NULL;

-- Append-only.
CREATE TABLE {schema}.revisions (
  seq           bigint PRIMARY KEY,
  resource_type text COLLATE "C" NOT NULL,
  resource_id   text COLLATE "C" NOT NULL,
  number        int NOT NULL,
  cause         text COLLATE "C" NOT NULL,
  event_ids     text COLLATE "C" NOT NULL,
  request_ids   text COLLATE "C" NOT NULL,
  as_of         bigint NOT NULL,
  fetched_at    bigint NOT NULL,
  recorded_at   bigint NOT NULL,
  status        text COLLATE "C" NOT NULL,
  triage        text COLLATE "C",
  snapshot_hash text COLLATE "C" NOT NULL,
  previous_hash text COLLATE "C" NOT NULL,
  hash          text COLLATE "C" NOT NULL,
  patch         text COLLATE "C" NOT NULL,
  snapshot      bytea NOT NULL
);
CREATE UNIQUE INDEX revisions_by_number ON {schema}.revisions (resource_id, resource_type, number);

CREATE TABLE {schema}.transcript (
  seq            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  session_id     text COLLATE "C" NOT NULL,
  event_id       text COLLATE "C" NOT NULL,
  type           text COLLATE "C" NOT NULL,
  processed_at   bigint NOT NULL,    -- 9223372036854775807 while queued: sorts last
  first_revision int NOT NULL,
  json           bytea NOT NULL
);
CREATE UNIQUE INDEX transcript_by_id ON {schema}.transcript (session_id, event_id);
CREATE INDEX transcript_in_order ON {schema}.transcript (session_id, processed_at, seq);

CREATE TABLE {schema}.reviews (
  seq               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- the review id is rev_ and this number
  version           int NOT NULL DEFAULT 0, -- grows with every change: a change names the one it was decided on
  session_id        text COLLATE "C" NOT NULL,
  blocking_event_id text COLLATE "C" NOT NULL,
  kind              text COLLATE "C" NOT NULL,
  tool_name         text COLLATE "C",
  input             text COLLATE "C",
  input_hash        text COLLATE "C" NOT NULL,
  thread_id         text COLLATE "C",
  since             bigint,
  state             smallint NOT NULL,
  opened_at         bigint NOT NULL,
  opened_revision   int NOT NULL,
  claimed_by        text COLLATE "C",
  claim_expires_at  bigint,
  answered_by       text COLLATE "C",
  answered_at       bigint,
  answered_revision int,
  answer            text COLLATE "C",
  send_attempts     int NOT NULL DEFAULT 0,
  problem           text COLLATE "C",
  answer_event_id   text COLLATE "C",
  changed_at        bigint NOT NULL,
  due_at            bigint,          -- when it is to be sent; while sending: the end of the lease; else null
  token             bigint,          -- fencing token while sending
  held_by           text COLLATE "C" -- the node that sends
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX reviews_by_blocker ON {schema}.reviews (session_id, blocking_event_id);
CREATE INDEX reviews_waiting ON {schema}.reviews (session_id, seq) WHERE state IN (0, 1);
CREATE INDEX reviews_by_state ON {schema}.reviews (state, seq);
CREATE INDEX reviews_claimed ON {schema}.reviews (claim_expires_at) WHERE state = 1;
CREATE INDEX reviews_due ON {schema}.reviews (due_at) WHERE due_at IS NOT NULL;

-- Append-only.
CREATE TABLE {schema}.review_steps (
  seq        bigint PRIMARY KEY,
  review     bigint NOT NULL,
  session_id text COLLATE "C" NOT NULL,
  at         bigint NOT NULL,
  from_state smallint,
  to_state   smallint NOT NULL,
  actor      text COLLATE "C" NOT NULL,
  note       text COLLATE "C"
);
CREATE INDEX review_steps_by_review ON {schema}.review_steps (review, seq);
CREATE INDEX review_steps_by_session ON {schema}.review_steps (session_id, seq);
