-- name: FindReader
SELECT seq FROM {schema}.readers WHERE name = @name;

-- name: AdvanceReader
INSERT INTO {schema}.readers AS r (name, seq) VALUES (@name, @seq)
ON CONFLICT (name) DO UPDATE SET seq = excluded.seq WHERE r.seq < excluded.seq;
