using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Grants of a team. Nobody gives what they do not administer themselves.</summary>
internal sealed class GrantRoutes(IAccessStore store)
{
    private const string Tag = "teams";

    public void Map(ApiRoutes routes)
    {
        routes.Get("teams/{team_id}/grants", CallerRole.Admin, ListAsync)
            .Describe("listTeamGrants", Tag, "What a team may do, and where.").Paged().Returns<ListOf<TeamGrantDto>>().Refuses(400, 404);
        routes.Post("teams/{team_id}/grants", CallerRole.Admin, AddAsync)
            .Describe("addTeamGrant", Tag, "Grants a role over what all the named places have in common; none named: over everything.")
            .Accepts<GrantBody>().Returns<TeamGrantDto>().Refuses(400, 404, 409, 413, 415);
        routes.Delete("teams/{team_id}/grants", CallerRole.Admin, context => RemoveAsync(context, null))
            .Describe("removeTeamGrantByQuery", Tag, "Takes a grant back.")
            .Query("grant_id", "Which.").Query("reason", "Why, for the audit log.").Returns<TeamDto>().Refuses(400, 404);
        routes.Delete("teams/{team_id}/grants/{grant_id}", CallerRole.Admin, context => RemoveAsync(context, "grant_id"))
            .Describe("removeTeamGrant", Tag, "Takes a grant back.").Query("reason", "Why, for the audit log.").Returns<TeamDto>().Refuses(400, 404);
    }

    private async Task<ApiReply> ListAsync(HttpContext context)
    {
        var (team, problem) = await TeamPath.FindAsync(context, store);
        var query = new ListQuery(context.Request, $"grants\n{team?.TeamId}");
        var page = query.Page();
        return (problem ?? query.Problem) is { } refused
            ? refused
            : Listing.Reply(query, Listing.Cut(team!.Grants, page), TeamGrantDto.Of, ApiJson.Default.ListOfTeamGrantDto);
    }

    private async Task<ApiReply> AddAsync(HttpContext context)
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

        var (grant, wrong) = GrantBody.Read(body);
        var fields = new BodyFields(body);
        var reason = fields.Text("reason", TeamRoutes.MaxReasonChars);
        if ((wrong ?? fields.Problem) is { } refused)
        {
            return refused;
        }

        if (!CallerFeature.Of(context).Administers(grant!.Scope))
        {
            return Problem.Forbidden;
        }

        var deed = CallerFeature.DeedOf(context, CallerRole.Admin, reason);
        var added = await store.AddGrantAsync(deed, team!.TeamId, KeyText.MakeId("grant"), grant, context.RequestAborted);
        return added.Refusal is { } refusal
            ? TeamPath.Refusal(refusal, "grant")
            : ApiReply.Ok(TeamGrantDto.Of(added.Value!), ApiJson.Default.TeamGrantDto);
    }

    private async Task<ApiReply> RemoveAsync(HttpContext context, string? parameter)
    {
        var (team, problem) = await TeamPath.FindAsync(context, store);
        var query = new ListQuery(context.Request, "grant");
        var (grantId, unreadable) = parameter is null ? (query.Text("grant_id"), null) : RouteText.Read(context, parameter);
        var (deed, bad) = TeamPath.Deed(context, null);
        if ((problem ?? unreadable ?? query.Problem ?? bad) is { } refused)
        {
            return refused;
        }

        if (grantId is null)
        {
            return Problem.BadParameter("grant_id", "Name the grant that is to be taken back.");
        }

        if (!await store.RemoveGrantAsync(deed, team!.TeamId, grantId, context.RequestAborted))
        {
            return Problem.NotFound("The team has no such grant.");
        }

        var after = await store.FindTeamAsync(team.TeamId, context.RequestAborted);
        return after is null ? Problem.NotFound() : ApiReply.Ok(TeamDto.Of(after), ApiJson.Default.TeamDto);
    }
}
