-- name: TeamColumns
team_id, name, created_at

-- name: ListTeams
-- All of them, for administrators: bounded when they are made.
SELECT {TeamColumns} FROM teams ORDER BY created_at, team_id;

-- name: FindTeam
SELECT {TeamColumns} FROM teams WHERE team_id = @team_id;

-- name: ListTeamsOf
SELECT {TeamColumns} FROM teams WHERE team_id IN (SELECT team_id FROM team_members WHERE subject = @subject) ORDER BY created_at, team_id;

-- name: CountTeams
SELECT count(*) FROM teams;

-- name: InsertTeam
INSERT INTO teams (team_id, name, created_at) VALUES (@team_id, @name, @now) ON CONFLICT (name) DO NOTHING;

-- name: DeleteTeam
DELETE FROM teams WHERE team_id = @team_id;

-- name: MembersOfTeam
SELECT subject, added_at FROM team_members WHERE team_id = @team_id ORDER BY place, subject;

-- name: InsertMember
INSERT INTO team_members (team_id, subject, added_at, place)
VALUES (@team_id, @subject, @now, (SELECT 1 + coalesce(max(place), 0) FROM team_members WHERE team_id = @team_id));

-- name: DeleteMember
DELETE FROM team_members WHERE team_id = @team_id AND subject = @subject;

-- name: DeleteMembers
DELETE FROM team_members WHERE team_id = @team_id;

-- name: GrantsOfTeam
SELECT grant_id, role, organization_id, workspace_id, agent_id, tag_key, tag_value, added_at FROM team_grants
WHERE team_id = @team_id ORDER BY place, grant_id;

-- name: InsertGrant
INSERT INTO team_grants (team_id, grant_id, role, organization_id, workspace_id, agent_id, tag_key, tag_value, added_at, place)
VALUES (
  @team_id, @grant_id, @role, @organization_id, @workspace_id, @agent_id, @tag_key, @tag_value, @now,
  (SELECT 1 + coalesce(max(place), 0) FROM team_grants WHERE team_id = @team_id));

-- name: DeleteGrant
DELETE FROM team_grants WHERE team_id = @team_id AND grant_id = @grant_id;

-- name: DeleteGrants
DELETE FROM team_grants WHERE team_id = @team_id;
