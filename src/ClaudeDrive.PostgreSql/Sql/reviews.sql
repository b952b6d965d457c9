-- name: Now
-- The store's clock: the caller's instant in tests, else the database's.
coalesce(@now::bigint, {schema}.ticks(statement_timestamp()))

-- name: ReviewColumns
seq, version, session_id, blocking_event_id, kind, tool_name, input, input_hash, thread_id, since, state, opened_at, opened_revision,
claimed_by, claim_expires_at, answered_by, answered_at, answered_revision, answer, send_attempts, problem, answer_event_id, changed_at, due_at,
token, {Now}

-- name: FindReview
SELECT {ReviewColumns} FROM {schema}.reviews WHERE seq = @seq;

-- name: FindReviewSeen
SELECT {ReviewColumns} FROM {schema}.reviews r WHERE r.seq = @seq AND {where};

-- name: MoveReview
SELECT {schema}.move_review(
  @now, @seq, @version, @state, @claimed_by, @claim_expires_at, @answered_by, @answered_at, @answered_revision, @answer, @send_attempts,
  @problem, @answer_event_id, @changed_at, @due_at, @answers, @looks, @s_at, @s_from, @s_to, @s_actor, @s_note);

-- name: DecideReview
-- As MoveReview, with the row of the audit log when it moved.
WITH done AS MATERIALIZED (SELECT {schema}.move_review(
  @now, @seq, @version, @state, @claimed_by, @claim_expires_at, @answered_by, @answered_at, @answered_revision, @answer, @send_attempts,
  @problem, @answer_event_id, @changed_at, @due_at, @answers, @looks, @s_at, @s_from, @s_to, @s_actor, @s_note) AS moved)
SELECT moved, CASE WHEN moved THEN ({schema}.append_audit({AuditArguments})).seq END FROM done;

-- name: ClaimSends
SELECT {ReviewColumns}, must_verify
FROM (SELECT (c.item).*, c.must_verify FROM {schema}.claim_sends(@now, @max, @lease, @node) c) r;

-- name: NextSendDue
SELECT (SELECT due_at FROM {schema}.reviews WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1), {Now};

-- name: ReviewIds
SELECT r.session_id, r.blocking_event_id, r.seq
FROM unnest(@sessions::text[], @blockers::text[]) b(session_id, blocking_event_id)
  JOIN {schema}.reviews r ON r.session_id = b.session_id AND r.blocking_event_id = b.blocking_event_id
WHERE {where};

-- name: ListReviews
SELECT {ReviewColumns} FROM {schema}.reviews r WHERE r.seq < @before AND {where} ORDER BY r.seq DESC LIMIT @limit;

-- name: CountReviews
SELECT least(count(*), @most), count(*) <= @most FROM (SELECT FROM {schema}.reviews r WHERE {where} LIMIT @most + 1) n;

-- name: CountReviewStatesSeen
-- As CountReviewStates; here each row says how many of its own have lapsed.
SELECT state, count(*), count(*) FILTER (WHERE state = 1 AND claim_expires_at <= {Now}) FROM {schema}.reviews r WHERE {where} GROUP BY state;

-- name: CountReviewStates
-- From the counters of the stored states. A claim that lapsed counts as open: the last column says how many.
SELECT substr(name, 9)::smallint, value,
  (SELECT count(*) FROM {schema}.reviews WHERE state = 1 AND claim_expires_at <= {Now})
FROM {schema}.counters WHERE name >= 'reviews/' AND name < 'reviews0';
