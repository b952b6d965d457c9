-- name: StepColumns
seq, review, session_id, at, from_state, to_state, actor, note

-- name: StepsOfReview
SELECT {StepColumns} FROM {schema}.review_steps s WHERE s.review = @review AND {where} ORDER BY s.seq;

-- name: StepsOfSession
SELECT {StepColumns} FROM {schema}.review_steps s WHERE s.session_id = @session_id AND {where} ORDER BY s.seq;

-- name: ReadSteps
SELECT {StepColumns} FROM {schema}.review_steps WHERE seq > @after ORDER BY seq LIMIT @limit;

-- name: ReadStepsSeen
SELECT {StepColumns} FROM {schema}.review_steps s WHERE s.seq > @after AND s.seq <= @through AND {where} ORDER BY s.seq LIMIT @limit;

-- name: NewestStepSeq
SELECT coalesce(max(seq), 0) FROM {schema}.review_steps;
