using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>API keys. A key never exceeds its maker: not in what it may do, not in where, not in how long it lasts.</summary>
internal sealed class KeyRoutes(IAccessStore store, TimeProvider time)
{
    private const string Tag = "keys";

    public void Map(ApiRoutes routes)
    {
        routes.Get("keys", CallerRole.Admin, ListAsync)
            .Describe("listKeys", Tag, "Keys, newest first, revoked and expired ones included; never the key itself.")
            .Paged().Returns<ListOf<KeyDto>>().Refuses(400);
        routes.Post("keys", CallerRole.Admin, CreateAsync)
            .Describe("createKey", Tag, "Makes a key and shows it this once. With a team it has the team's grants, up to 'role'; without one, 'role' over everything.")
            .Accepts<KeyBody>().Returns<MadeKeyDto>().Refuses(400, 409, 413, 415);
        routes.Delete("keys/{key_id}", CallerRole.Admin, RevokeAsync)
            .Describe("revokeKey", Tag, "Revokes a key for good: within a second it is refused everywhere.")
            .Query("reason", "Why, for the audit log.").Returns<KeyDto>().Refuses(400, 404);
    }

    private async Task<ApiReply> ListAsync(HttpContext context)
    {
        var query = new ListQuery(context.Request, "keys");
        var page = query.Page();
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var caller = CallerFeature.Of(context);
        var teams = (await store.ListTeamsAsync(context.RequestAborted)).ToDictionary(static team => team.TeamId, StringComparer.Ordinal);
        var keys = (await store.ListKeysAsync(context.RequestAborted)).Where(key => Manages(caller, key, teams)).ToList();
        return Listing.Reply(query, Listing.Cut(keys, page), KeyDto.Of, ApiJson.Default.ListOfKeyDto);
    }

    private async Task<ApiReply> CreateAsync(HttpContext context)
    {
        var (body, bad) = await JsonBody.ReadAsync(context.Request, JsonBody.SmallBytes, optional: false);
        if (bad is not null)
        {
            return bad;
        }

        var fields = new BodyFields(body);
        fields.Only("name", "team_id", "role", "expires_at", "reason");
        var (name, teamId) = (fields.Required("name", AccessLimits.NameChars), fields.Text("team_id", AccessLimits.NameChars));
        var (role, expiresAt, reason) = (
            fields.Enum<CallerRole>("role"), fields.Instant("expires_at"), fields.Text("reason", TeamRoutes.MaxReasonChars));
        if (name == Caller.Administrator.Name || name == Deed.Self)
        {
            fields.Refuse("name", "This name is that of the first administrator or of the program.");
        }

        if (expiresAt <= time.GetUtcNow())
        {
            fields.Refuse("expires_at", "The time must lie ahead.");
        }

        var caller = CallerFeature.Of(context);
        var team = teamId is null ? null : await store.FindTeamAsync(teamId, context.RequestAborted);
        if (teamId is not null && (team is null || !caller.Administers(team)))
        {
            fields.Refuse("team_id", "There is no such team, or none that this caller administers.");
        }

        if (fields.Problem is { } problem)
        {
            return problem;
        }

        var text = KeyText.Make();
        var key = new AccessKey
        {
            KeyId = KeyText.MakeId("key"),
            Prefix = KeyText.PrefixOf(text),
            Hash = KeyText.Hash(text),
            Name = name,
            TeamId = teamId,
            // A team's key has what the team has; one over everything only looks unless more is asked for.
            Role = role ?? (teamId is null ? CallerRole.Viewer : CallerRole.Admin),
            ExpiresAt = expiresAt ?? caller.ExpiresAt,
        };
        return MayMake(caller, key, team) ? await MakeAsync(context, key, text, reason) : Problem.Forbidden;
    }

    private async Task<ApiReply> MakeAsync(HttpContext context, AccessKey key, string text, string? reason)
    {
        var made = await store.CreateKeyAsync(CallerFeature.DeedOf(context, CallerRole.Admin, reason), key, context.RequestAborted);
        return made.Refusal is { } refusal
            ? TeamPath.Refusal(refusal, "key")
            : ApiReply.Ok(MadeKeyDto.Of(made.Value!, text), ApiJson.Default.MadeKeyDto);
    }

    private async Task<ApiReply> RevokeAsync(HttpContext context)
    {
        var (id, problem) = RouteText.Read(context, "key_id");
        var (deed, bad) = TeamPath.Deed(context, null);
        if ((problem ?? bad) is { } refused)
        {
            return refused;
        }

        var key = (await store.ListKeysAsync(context.RequestAborted)).FirstOrDefault(key => key.KeyId == id);
        var team = key?.TeamId is { } teamId ? await store.FindTeamAsync(teamId, context.RequestAborted) : null;
        if (key is null || !Manages(CallerFeature.Of(context), key, team))
        {
            return Problem.NotFound();
        }

        return await store.RevokeKeyAsync(deed, id, context.RequestAborted) is { } revoked
            ? ApiReply.Ok(KeyDto.Of(revoked), ApiJson.Default.KeyDto)
            : Problem.NotFound();
    }

    private static bool MayMake(Caller caller, AccessKey key, Team? team) =>
        (caller.ExpiresAt is not { } end || key.ExpiresAt <= end) && key.GrantsOf(team).All(caller.MayGive);

    private static bool Manages(Caller caller, AccessKey key, IReadOnlyDictionary<string, Team> teams) =>
        Manages(caller, key, key.TeamId is { } teamId ? teams.GetValueOrDefault(teamId) : null);

    // Keys over everything, and those of teams that are gone, are the business of whoever administers everything.
    private static bool Manages(Caller caller, AccessKey key, Team? team) =>
        caller.Administers(Scope.Everything) || (key.TeamId is not null && team is not null && caller.Administers(team));
}
