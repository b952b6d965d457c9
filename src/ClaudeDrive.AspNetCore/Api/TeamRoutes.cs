using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Teams and their members. Whoever administers only a part sees and changes the teams that reach no further.</summary>
internal sealed class TeamRoutes(IAccessStore store)
{
    /// <summary>Longest reason, in characters. Chosen: a few sentences.</summary>
    public const int MaxReasonChars = 512;

    private const string Tag = "teams";

    public void Map(ApiRoutes routes)
    {
        routes.Get("teams", CallerRole.Admin, ListAsync)
            .Describe("listTeams", Tag, "Teams with members and grants, oldest first.").Paged().Returns<ListOf<TeamDto>>().Refuses(400);
        routes.Post("teams", CallerRole.Admin, CreateAsync, AccessReach.Everything)
            .Describe("createTeam", Tag, "Makes a team without members and grants.").Accepts<TeamBody>().Returns<TeamDto>().Refuses(400, 409, 413, 415);
        routes.Get("teams/{team_id}", CallerRole.Admin, ShowAsync)
            .Describe("showTeam", Tag, "One team.").Returns<TeamDto>().Refuses(400, 404);
        routes.Delete("teams/{team_id}", CallerRole.Admin, DeleteAsync)
            .Describe("deleteTeam", Tag, "Removes a team with its members and grants, and revokes its keys.")
            .Query("reason", "Why, for the audit log.").Returns<TeamDto>().Refuses(400, 404);
        routes.Get("teams/{team_id}/members", CallerRole.Admin, ListMembersAsync)
            .Describe("listTeamMembers", Tag, "People of a team.").Paged().Returns<ListOf<MemberDto>>().Refuses(400, 404);
        routes.Post("teams/{team_id}/members", CallerRole.Admin, AddMemberAsync)
            .Describe("addTeamMember", Tag, "Adds somebody; again: changes nothing.")
            .Accepts<MemberBody>().Returns<TeamDto>().Refuses(400, 404, 409, 413, 415);
        routes.Delete("teams/{team_id}/members", CallerRole.Admin, context => RemoveMemberAsync(context, null))
            .Describe("removeTeamMemberByQuery", Tag, "Removes somebody.")
            .Query("subject", "Who.").Query("reason", "Why, for the audit log.").Returns<TeamDto>().Refuses(400, 404);
        routes.Delete("teams/{team_id}/members/{subject}", CallerRole.Admin, context => RemoveMemberAsync(context, "subject"))
            .Describe("removeTeamMember", Tag, "Removes somebody.").Query("reason", "Why, for the audit log.").Returns<TeamDto>().Refuses(400, 404);
    }

    private async Task<ApiReply> ListAsync(HttpContext context)
    {
        var query = new ListQuery(context.Request, "teams");
        var page = query.Page();
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var caller = CallerFeature.Of(context);
        var teams = (await store.ListTeamsAsync(context.RequestAborted)).Where(caller.Administers).ToList();
        return Listing.Reply(query, Listing.Cut(teams, page), TeamDto.Of, ApiJson.Default.ListOfTeamDto);
    }

    private async Task<ApiReply> CreateAsync(HttpContext context)
    {
        var (body, bad) = await JsonBody.ReadAsync(context.Request, JsonBody.SmallBytes, optional: false);
        if (bad is not null)
        {
            return bad;
        }

        var fields = new BodyFields(body);
        var (name, reason) = (fields.Required("name", AccessLimits.NameChars), fields.Text("reason", MaxReasonChars));
        if (fields.Problem is { } problem)
        {
            return problem;
        }

        var deed = CallerFeature.DeedOf(context, CallerRole.Admin, reason);
        var made = await store.CreateTeamAsync(deed, KeyText.MakeId("team"), name, context.RequestAborted);
        return made.Refusal is { } refusal ? TeamPath.Refusal(refusal, "team") : ApiReply.Ok(TeamDto.Of(made.Value!), ApiJson.Default.TeamDto);
    }

    private async Task<ApiReply> ShowAsync(HttpContext context)
    {
        var (team, problem) = await TeamPath.FindAsync(context, store);
        return problem is not null ? problem : ApiReply.Ok(TeamDto.Of(team!), ApiJson.Default.TeamDto);
    }

    private async Task<ApiReply> DeleteAsync(HttpContext context)
    {
        var (team, problem) = await TeamPath.FindAsync(context, store);
        var (deed, bad) = TeamPath.Deed(context, null);
        if ((problem ?? bad) is { } refused)
        {
            return refused;
        }

        return await store.DeleteTeamAsync(deed, team!.TeamId, context.RequestAborted)
            ? ApiReply.Ok(TeamDto.Of(team), ApiJson.Default.TeamDto)
            : Problem.NotFound();
    }

    private async Task<ApiReply> ListMembersAsync(HttpContext context)
    {
        var (team, problem) = await TeamPath.FindAsync(context, store);
        var query = new ListQuery(context.Request, $"members\n{team?.TeamId}");
        var page = query.Page();
        return (problem ?? query.Problem) is { } refused
            ? refused
            : Listing.Reply(query, Listing.Cut(team!.Members, page), MemberDto.Of, ApiJson.Default.ListOfMemberDto);
    }

    private async Task<ApiReply> AddMemberAsync(HttpContext context)
    {
        var (team, problem) = await TeamPath.FindAsync(context, store);
        if (problem is not null)
        {
            return problem;
        }

        var (body, bad) = await JsonBody.ReadAsync(context.Request, JsonBody.SmallBytes, optional: false);
        if (bad is not null)
        {
            return bad;
        }

        var fields = new BodyFields(body);
        var (subject, reason) = (fields.Required("subject", AccessLimits.NameChars), fields.Text("reason", MaxReasonChars));
        if (fields.Problem is { } wrong)
        {
            return wrong;
        }

        var deed = CallerFeature.DeedOf(context, CallerRole.Admin, reason);
        var added = await store.AddMemberAsync(deed, team!.TeamId, subject, context.RequestAborted);
        return added.Refusal is { } refusal ? TeamPath.Refusal(refusal, "member") : ApiReply.Ok(TeamDto.Of(added.Value!), ApiJson.Default.TeamDto);
    }

    private async Task<ApiReply> RemoveMemberAsync(HttpContext context, string? parameter)
    {
        var (team, problem) = await TeamPath.FindAsync(context, store);
        var query = new ListQuery(context.Request, "member");
        var (subject, unreadable) = parameter is null ? (query.Text("subject"), null) : RouteText.Read(context, parameter);
        var (deed, bad) = TeamPath.Deed(context, null);
        if ((problem ?? unreadable ?? query.Problem ?? bad) is { } refused)
        {
            return refused;
        }

        if (subject is null)
        {
            return Problem.BadParameter("subject", "Name who is to be removed.");
        }

        if (!await store.RemoveMemberAsync(deed, team!.TeamId, subject, context.RequestAborted))
        {
            return Problem.NotFound("The team has no such member.");
        }

        var after = await store.FindTeamAsync(team.TeamId, context.RequestAborted);
        return after is null ? Problem.NotFound() : ApiReply.Ok(TeamDto.Of(after), ApiJson.Default.TeamDto);
    }
}
