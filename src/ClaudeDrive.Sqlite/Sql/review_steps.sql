-- name: StepColumns
seq, review, session_id, at, from_state, to_state, actor, note

-- name: InsertStep
INSERT INTO review_steps (review, session_id, at, from_state, to_state, actor, note)
VALUES (@review, @session_id, @at, @from_state, @to_state, @actor, @note);

-- name: StepsOfReview
SELECT {StepColumns} FROM review_steps WHERE review = @review ORDER BY seq;

-- name: StepsOfSession
SELECT {StepColumns} FROM review_steps WHERE session_id = @session_id ORDER BY seq;

-- name: NewestStepSeq
SELECT coalesce(max(seq), 0) FROM review_steps;

-- name: ReadStepsSeen
SELECT {StepColumns} FROM review_steps WHERE seq > @after AND seq <= @through AND {where} ORDER BY seq LIMIT @limit;

-- name: ReadSteps
SELECT {StepColumns} FROM review_steps WHERE seq > @after ORDER BY seq LIMIT @limit;
