-- name: FindSetting
SELECT value FROM settings WHERE name = @name;

-- name: SetSetting
INSERT INTO settings (name, value) VALUES (@name, @value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
