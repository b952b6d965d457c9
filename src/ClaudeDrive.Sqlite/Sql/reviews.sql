-- name: ReviewColumns
seq, session_id, blocking_event_id, kind, tool_name, input, input_hash, thread_id, since, state, opened_at, opened_revision, claimed_by,
claim_expires_at, answered_by, answered_at, answered_revision, answer, send_attempts, problem, answer_event_id, changed_at, due_at, token

-- name: OpenReview
INSERT INTO reviews (
  session_id, blocking_event_id, kind, tool_name, input, input_hash, thread_id, since, state, opened_at, opened_revision, send_attempts, changed_at)
VALUES (
  @session_id, @blocking_event_id, @kind, @tool_name, @input, @input_hash, @thread_id, @since, 0, @now, @revision, 0, @now)
ON CONFLICT (session_id, blocking_event_id) DO NOTHING
RETURNING seq;

-- name: WaitingReviews
SELECT {ReviewColumns} FROM reviews INDEXED BY reviews_waiting WHERE state IN (0, 1) AND session_id = @session_id ORDER BY seq;

-- name: FindReview
SELECT {ReviewColumns} FROM reviews WHERE seq = @seq;

-- name: PutReview
UPDATE reviews SET
  state = @state, claimed_by = @claimed_by, claim_expires_at = @claim_expires_at, answered_by = @answered_by, answered_at = @answered_at,
  answered_revision = @answered_revision, answer = @answer, send_attempts = @send_attempts, problem = @problem,
  answer_event_id = @answer_event_id, changed_at = @changed_at, due_at = @due_at, token = @token
WHERE seq = @seq;

-- name: DueSends
-- Few are due at once, so sorting them by age costs little.
SELECT {ReviewColumns} FROM reviews INDEXED BY reviews_due WHERE due_at <= @now ORDER BY answered_at, seq LIMIT @limit;

-- name: EndSendLeases
-- The process that sent them is gone: whether Claude got them is unknown, which the state sending says.
UPDATE reviews SET token = NULL, due_at = min(due_at, @now) WHERE due_at IS NOT NULL AND token IS NOT NULL;

-- name: NextSendDue
SELECT min(due_at) FROM reviews INDEXED BY reviews_due WHERE due_at IS NOT NULL;

-- name: CountSendLeases
SELECT count(*) FROM reviews INDEXED BY reviews_due WHERE due_at > @now AND token IS NOT NULL;

-- name: CountLapsedClaims
SELECT count(*) FROM reviews INDEXED BY reviews_claimed WHERE state = 1 AND claim_expires_at <= @now;

-- name: ReviewIds
-- The loop over what is asked for comes first.
SELECT reviews.session_id, reviews.blocking_event_id, reviews.seq
FROM json_each(@blockers) b CROSS JOIN reviews ON reviews.session_id = b.value ->> 0 AND reviews.blocking_event_id = b.value ->> 1
WHERE {where};

-- name: ListReviews
SELECT {ReviewColumns} FROM reviews WHERE seq < @before AND {where} ORDER BY seq DESC LIMIT @limit;

-- name: CountReviews
SELECT count(*) FROM (SELECT 1 FROM reviews WHERE {where} LIMIT @most + 1);

-- name: CountReviewStatesSeen
-- The third: claims that lapsed, which read as open.
SELECT state, count(*), sum(state = 1 AND claim_expires_at <= @now) FROM reviews WHERE {where} GROUP BY state;
