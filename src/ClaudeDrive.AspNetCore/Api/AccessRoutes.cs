using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Explains who sees what.</summary>
internal sealed class AccessRoutes(IAccessStore store, ResourcePlaces places, GrantPreview preview, TimeProvider time)
{
    private const string Tag = "access";

    public void Map(ApiRoutes routes)
    {
        routes.Get("access/why", CallerRole.Viewer, WhyAsync)
            .Describe("explainAccess", Tag, "Which of the caller's grants show a resource.")
            .Query("resource", "type/id, such as session/sesn_1, event/whe_1 or review/rev_1; without a type a session's id.")
            .Returns<WhyDto>().Refuses(400, 404);
        routes.Get("access/who", CallerRole.Admin, WhoAsync)
            .Describe("listAccess", Tag, "Who sees a resource: teams with the grants that match, and keys.")
            .Query("resource", "As for access/why.").Returns<WhoDto>().Refuses(400, 404);
        routes.Post("access/preview", CallerRole.Admin, PreviewAsync)
            .Describe("previewGrants", Tag, "What adding and removing grants of a team would newly show and hide; changes nothing.")
            .Accepts<PreviewBody>().Returns<PreviewDto>().Refuses(400, 404, 413, 415);
    }

    private async Task<ApiReply> WhyAsync(HttpContext context)
    {
        var caller = CallerFeature.Of(context);
        var (resource, place, problem) = await FindAsync(context, caller.SightOf(CallerRole.Viewer));
        if (problem is not null)
        {
            return problem;
        }

        var reasons = new List<ReasonDto>();
        foreach (var teamId in caller.Teams)
        {
            var team = await store.FindTeamAsync(teamId, context.RequestAborted);

            // The key's own bound may be less than the grant: what the caller has is the smaller of both.
            reasons.AddRange((team?.Grants ?? []).Where(granted => granted.Grant.Scope.Matches(place!))
                .Select(granted => ReasonDto.Of(granted.Grant.CapTo(RoleOf(caller, granted.Grant)), teamId, granted.GrantId)));
        }

        var matching = caller.Grants.Where(grant => grant.Scope.Matches(place!)).ToList();
        if (caller.Teams.Count == 0)
        {
            reasons.AddRange(matching.Select(static grant => ReasonDto.Of(grant)));
        }

        var openings = caller.Openings.Where(opening => opening.Scope.Matches(place!)).Select(static opening => opening.Id).ToList();
        return ApiReply.Ok(
            new WhyDto(
                resource, PlaceDto.Of(place!), matching.Select(static grant => grant.Role).DefaultIfEmpty(CallerRole.Viewer).Max(), reasons, openings),
            ApiJson.Default.WhyDto);
    }

    private async Task<ApiReply> WhoAsync(HttpContext context)
    {
        var caller = CallerFeature.Of(context);
        var (resource, place, problem) = await FindAsync(context, caller.SightOf(CallerRole.Admin));
        if (problem is not null)
        {
            return problem.Status == 404 ? Problem.NotAllowed((await FindAsync(context, caller.SightOf(CallerRole.Viewer))).Place is not null) : problem;
        }

        var teams = await store.ListTeamsAsync(context.RequestAborted);
        var byId = teams.ToDictionary(static team => team.TeamId, StringComparer.Ordinal);
        var seeing = teams.Select(team => WhoTeam(team, place!)).Where(static team => team.Grants.Count > 0);
        var now = time.GetUtcNow();
        var keys = (await store.ListKeysAsync(context.RequestAborted)).Where(key => key.IsValidAt(now)).Select(key => WhoKey(key, byId, place!)).OfType<WhoKeyDto>();
        return ApiReply.Ok(new WhoDto(resource, PlaceDto.Of(place!), [.. seeing], [.. keys]), ApiJson.Default.WhoDto);
    }

    private async Task<ApiReply> PreviewAsync(HttpContext context)
    {
        var (body, bad) = await JsonBody.ReadAsync(context.Request, JsonBody.SmallBytes, optional: false);
        if (bad is not null)
        {
            return bad;
        }

        var (change, problem) = GrantChange.Read(body);
        if (problem is not null)
        {
            return problem;
        }

        var caller = CallerFeature.Of(context);
        var team = await store.FindTeamAsync(change!.TeamId, context.RequestAborted);
        if (team is null || !caller.Administers(team))
        {
            return Problem.NotFound();
        }

        if (!change.Add.All(grant => caller.Administers(grant.Scope)))
        {
            return Problem.Forbidden;
        }

        return change.Remove.Except(team.Grants.Select(static granted => granted.GrantId)).Any()
            ? Problem.BadParameter("remove", "The team has no such grant.")
            : ApiReply.Ok(await preview.ReadAsync(team, change, context.RequestAborted), ApiJson.Default.PreviewDto);
    }

    private static CallerRole RoleOf(Caller caller, Grant grant) =>
        caller.Grants.Where(own => own.Scope == grant.Scope && own.Role <= grant.Role).Select(static own => own.Role).DefaultIfEmpty(CallerRole.Viewer).Max();

    private static WhoTeamDto WhoTeam(Team team, Placement place) => new(
        team.TeamId,
        team.Name,
        [.. team.Members.Select(static member => member.Subject)],
        [.. team.Grants.Where(granted => granted.Grant.Scope.Matches(place)).Select(granted => ReasonDto.Of(granted.Grant, team.TeamId, granted.GrantId))]);

    private static WhoKeyDto? WhoKey(AccessKey key, IReadOnlyDictionary<string, Team> teams, Placement place)
    {
        var roles = key.GrantsOf(key.TeamId is { } teamId ? teams.GetValueOrDefault(teamId) : null)
            .Where(grant => grant.Scope.Matches(place)).Select(static grant => grant.Role).ToList();
        return roles.Count == 0 ? null : new WhoKeyDto(key.KeyId, key.Name, key.TeamId, roles.Max());
    }

    private async Task<(string Resource, Placement? Place, Problem? Problem)> FindAsync(HttpContext context, Sight sight)
    {
        var query = new ListQuery(context.Request, "access");
        var resource = query.Text("resource");
        if ((query.Problem ?? (resource is null ? Problem.BadParameter("resource", "Name a resource, as type/id.") : null)) is { } problem)
        {
            return ("", null, problem);
        }

        var place = await places.FindAsync(sight, resource!, context.RequestAborted);
        return (resource!, place, place is null ? Problem.NotFound() : null);
    }
}
