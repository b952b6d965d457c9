-- name: KeyColumns
key_id, prefix, hash, name, team_id, role, created_at, created_by, expires_at, last_used_at, revoked_at

-- name: ListKeys
-- All of them, for administrators: bounded when they are made.
SELECT {KeyColumns} FROM {schema}.access_keys ORDER BY created_at DESC, key_id;

-- name: FindKey
SELECT {KeyColumns} FROM {schema}.access_keys WHERE key_id = @key_id;

-- name: FindKeyByHash
SELECT {KeyColumns} FROM {schema}.access_keys WHERE hash = @hash;

-- name: TeamsByKeyHash
SELECT {TeamColumns} FROM {schema}.teams WHERE team_id = (SELECT k.team_id FROM {schema}.access_keys k WHERE k.hash = @hash);

-- name: GrantsByKeyHash
SELECT team_id, grant_id, role, organization_id, workspace_id, agent_id, tag_key, tag_value, added_at FROM {schema}.team_grants
WHERE team_id = (SELECT k.team_id FROM {schema}.access_keys k WHERE k.hash = @hash) ORDER BY place, grant_id;

-- name: MembersByKeyHash
SELECT team_id, subject, added_at FROM {schema}.team_members
WHERE team_id = (SELECT k.team_id FROM {schema}.access_keys k WHERE k.hash = @hash) ORDER BY place, subject;

-- name: KeysOfTeam
SELECT {KeyColumns} FROM {schema}.access_keys WHERE team_id = @team_id AND revoked_at IS NULL ORDER BY key_id;

-- name: CountKeys
SELECT count(*), count(*) FILTER (WHERE name = @name) FROM {schema}.access_keys WHERE revoked_at IS NULL;

-- name: InsertKey
INSERT INTO {schema}.access_keys (key_id, prefix, hash, name, team_id, role, created_at, created_by, expires_at)
VALUES (@key_id, @prefix, @hash, @name, @team_id, @role, {Now}, @created_by, @expires_at)
RETURNING {KeyColumns};

-- name: RevokeKey
UPDATE {schema}.access_keys SET revoked_at = {Now} WHERE key_id = @key_id AND revoked_at IS NULL RETURNING {KeyColumns};

-- name: NoteKeysUsed
UPDATE {schema}.access_keys k SET last_used_at = u.at
FROM unnest(@key_ids::text[], @at::bigint[]) AS u (key_id, at) WHERE k.key_id = u.key_id AND (k.last_used_at IS NULL OR k.last_used_at < u.at);
