-- name: StepColumns
seq, review, session_id, at, from_state, to_state, actor, note

-- name: StepsOfReview
SELECT {StepColumns} FROM {schema}.review_steps WHERE review = @review ORDER BY seq;

-- name: StepsOfSession
SELECT {StepColumns} FROM {schema}.review_steps WHERE session_id = @session_id ORDER BY seq;

-- name: ReadSteps
SELECT {StepColumns} FROM {schema}.review_steps WHERE seq > @after ORDER BY seq LIMIT @limit;
