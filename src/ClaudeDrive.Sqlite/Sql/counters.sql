-- name: AddCounter
INSERT INTO counters (name, value) VALUES (@name, @delta)
ON CONFLICT (name) DO UPDATE SET value = value + excluded.value;

-- name: NextToken
-- Fencing tokens of every kind come from one row, so that a later claim always has a larger one, also after a restart.
INSERT INTO counters (name, value) VALUES ('token', 1)
ON CONFLICT (name) DO UPDATE SET value = value + 1
RETURNING value;

-- name: CountersLike
-- The names that begin with a prefix which ends in a slash; 0 is the character after it.
SELECT name, value FROM counters WHERE name >= @prefix || '/' AND name < @prefix || '0' AND value <> 0;

-- name: FindCounter
SELECT value FROM counters WHERE name = @name;
