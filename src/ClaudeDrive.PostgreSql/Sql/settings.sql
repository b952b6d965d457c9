-- name: FindSetting
SELECT value FROM {schema}.settings WHERE name = @name;

-- name: AddSetting
-- No row when another node's insert was under way: asked again, its value is visible.
WITH added AS (
  INSERT INTO {schema}.settings (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING RETURNING value)
SELECT value FROM added UNION ALL SELECT value FROM {schema}.settings WHERE name = @name;
