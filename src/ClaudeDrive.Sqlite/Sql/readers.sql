-- name: FindReader
SELECT seq FROM readers WHERE name = @name;

-- name: AdvanceReader
INSERT INTO readers (name, seq) VALUES (@name, @seq)
ON CONFLICT (name) DO UPDATE SET seq = max(seq, excluded.seq);
