-- name: FindSetting
SELECT value FROM settings WHERE name = @name;

-- name: AddSetting
INSERT INTO settings (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING;
