-- name: FindSetting
SELECT value FROM settings WHERE name = @name;

-- name: AddSetting
INSERT INTO settings (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING;

-- name: MarkRestored
-- For a database that was just restored, before it is opened. The condition keeps SQLite from reading ON as one of a join.
INSERT INTO settings (name, value) SELECT 'restored_reviews', coalesce(max(seq), 0) FROM reviews WHERE true
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
