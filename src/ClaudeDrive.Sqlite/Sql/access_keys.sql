-- name: KeyColumns
key_id, prefix, hash, name, team_id, role, created_at, created_by, expires_at, last_used_at, revoked_at

-- name: ListKeys
-- All of them, for administrators: bounded when they are made.
SELECT {KeyColumns} FROM access_keys ORDER BY created_at DESC, key_id;

-- name: FindKey
SELECT {KeyColumns} FROM access_keys WHERE key_id = @key_id;

-- name: FindKeyByHash
SELECT {KeyColumns} FROM access_keys WHERE hash = @hash;

-- name: KeysOfTeam
SELECT {KeyColumns} FROM access_keys WHERE team_id = @team_id AND revoked_at IS NULL ORDER BY key_id;

-- name: CountKeys
SELECT count(*) FROM access_keys INDEXED BY access_keys_by_name WHERE revoked_at IS NULL;

-- name: InsertKey
INSERT INTO access_keys (key_id, prefix, hash, name, team_id, role, created_at, created_by, expires_at)
VALUES (@key_id, @prefix, @hash, @name, @team_id, @role, @now, @created_by, @expires_at)
ON CONFLICT (name) WHERE revoked_at IS NULL DO NOTHING;

-- name: RevokeKey
UPDATE access_keys SET revoked_at = @now WHERE key_id = @key_id AND revoked_at IS NULL;

-- name: NoteKeyUsed
UPDATE access_keys SET last_used_at = @at WHERE key_id = @key_id AND (last_used_at IS NULL OR last_used_at < @at);
