-- name: Check
-- A backend has a row of its own: checks of many nodes do not wait for each other.
SELECT {schema}.add_counter('checks', pg_backend_pid() % 16, 1);

-- name: ReadNow
SELECT coalesce(@now::bigint, {schema}.ticks(clock_timestamp()));
