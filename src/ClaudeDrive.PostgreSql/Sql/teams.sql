-- name: TeamColumns
team_id, name, created_at

-- name: LockAccess
SELECT {schema}.lock_access();

-- name: ListTeams
-- All of them, for administrators: bounded when they are made.
SELECT {TeamColumns} FROM {schema}.teams ORDER BY created_at, team_id;

-- name: FindTeams
SELECT {TeamColumns} FROM {schema}.teams WHERE team_id = @team_id;

-- name: ListTeamsOf
SELECT {TeamColumns} FROM {schema}.teams
WHERE team_id IN (SELECT team_id FROM {schema}.team_members WHERE subject = @subject) ORDER BY created_at, team_id;

-- name: MembersOfTeams
SELECT team_id, subject, added_at FROM {schema}.team_members WHERE team_id = ANY (@team_ids) ORDER BY team_id, place, subject;

-- name: GrantsOfTeams
SELECT team_id, grant_id, role, organization_id, workspace_id, agent_id, tag_key, tag_value, added_at FROM {schema}.team_grants
WHERE team_id = ANY (@team_ids) ORDER BY team_id, place, grant_id;

-- name: InsertTeam
INSERT INTO {schema}.teams (team_id, name, created_at) VALUES (@team_id, @name, {Now}) RETURNING {TeamColumns};

-- name: DeleteTeam
WITH members AS (DELETE FROM {schema}.team_members WHERE team_id = @team_id),
grants AS (DELETE FROM {schema}.team_grants WHERE team_id = @team_id)
DELETE FROM {schema}.teams WHERE team_id = @team_id;

-- name: InsertMember
INSERT INTO {schema}.team_members (team_id, subject, added_at, place)
SELECT @team_id, @subject, {Now}, 1 + coalesce(max(place), 0) FROM {schema}.team_members WHERE team_id = @team_id
RETURNING added_at;

-- name: DeleteMember
DELETE FROM {schema}.team_members WHERE team_id = @team_id AND subject = @subject RETURNING true;

-- name: InsertGrant
INSERT INTO {schema}.team_grants (team_id, grant_id, role, organization_id, workspace_id, agent_id, tag_key, tag_value, added_at, place)
SELECT @team_id, @grant_id, @role, @organization_id, @workspace_id, @agent_id, @tag_key, @tag_value, {Now}, 1 + coalesce(max(place), 0)
FROM {schema}.team_grants WHERE team_id = @team_id
RETURNING added_at;

-- name: DeleteGrant
DELETE FROM {schema}.team_grants WHERE team_id = @team_id AND grant_id = @grant_id RETURNING true;
