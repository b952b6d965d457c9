using ClaudeDrive.Access;

namespace ClaudeDrive.Server.Tests.Matrix;

/// <summary>A recipe for every route of the document.</summary>
internal static class MatrixRecipes
{
    private static readonly MatrixScope[] OneScope = [MatrixScope.Own];

    public static IReadOnlyList<MatrixRecipe> All { get; } =
    [
        .. Events(), .. Sessions(), .. Reviews(), .. DeadLetters(), .. Others(), .. Teams(), .. Keys(), .. Audit(), .. Access(), .. Openings(), .. Operations(),
    ];

    private static MatrixRecipe List(string path, string foreign, CallerRole needs = CallerRole.Viewer) => new(
        $"GET /api/v1/{path}", needs,
        (_, scope) => Call(scope == MatrixScope.Own ? $"/api/v1/{path}" : $"/api/v1/{path}?{foreign}_{MatrixWorld.Of(scope)}"))
    {
        Hidden = 200,
    };

    private static MatrixRecipe Item(string path, Func<MatrixWorld, MatrixScope, string> fill) =>
        new($"GET /api/v1/{path}", CallerRole.Viewer, (world, scope) => Call($"/api/v1/{fill(world, scope)}"));

    private static Task<MatrixCall> Call(string path, string? body = null) => Task.FromResult(new MatrixCall(path, body));

    private static IEnumerable<MatrixRecipe> Events() =>
    [
        List("events", "session_id=sesn"),
        Item("events/{event_id}", static (_, scope) => $"events/wevt_{MatrixWorld.Of(scope)}"),
        new("POST /api/v1/events/{event_id}/replay", CallerRole.Operator, async (world, scope) => new MatrixCall($"/api/v1/events/{await world.NewEventAsync(scope)}/replay")),
    ];

    private static IEnumerable<MatrixRecipe> Sessions() =>
    [
        List("sessions", "workspace_id=workspace"),
        Item("sessions/{session_id}", static (_, scope) => $"sessions/{MatrixWorld.Session(scope)}"),
        Item("sessions/{session_id}/timeline", static (_, scope) => $"sessions/{MatrixWorld.Session(scope)}/timeline"),
        Item("sessions/{session_id}/transcript", static (_, scope) => $"sessions/{MatrixWorld.Session(scope)}/transcript"),
        Item("sessions/{session_id}/revisions", static (_, scope) => $"sessions/{MatrixWorld.Session(scope)}/revisions"),
        Item("sessions/{session_id}/revisions/{revision}", static (_, scope) => $"sessions/{MatrixWorld.Session(scope)}/revisions/1"),
        Item("sessions/{session_id}/diff", static (_, scope) => $"sessions/{MatrixWorld.Session(scope)}/diff?from=1&to=2"),
        List("resources", "type=kind"),
        Item("resources/{type}/{id}", static (_, scope) => $"resources/kind_{MatrixWorld.Of(scope)}/thing_{MatrixWorld.Of(scope)}"),
    ];

    private static IEnumerable<MatrixRecipe> Reviews() =>
    [
        List("reviews", "session_id=sesn"),
        Item("reviews/{review_id}", static (world, scope) => $"reviews/{world.Review(scope)}"),
        new("POST /api/v1/reviews/{review_id}/claim", CallerRole.Reviewer, async (world, scope) => new MatrixCall($"/api/v1/reviews/{await world.NewReviewAsync(scope)}/claim")),
        new("POST /api/v1/reviews/{review_id}/release", CallerRole.Reviewer, async (world, scope) => new MatrixCall($"/api/v1/reviews/{await world.NewReviewAsync(scope)}/release")),
        new("POST /api/v1/reviews/{review_id}/answer", CallerRole.Reviewer, async (world, scope) => new MatrixCall(
            $"/api/v1/reviews/{await world.NewReviewAsync(scope)}/answer", """{"type":"result","content":"42","is_error":false}""")),
    ];

    private static IEnumerable<MatrixRecipe> DeadLetters() =>
    [
        List("dead-letters", "session_id=sesn_given_up"),
        new("POST /api/v1/dead-letters/{event_id}/retry", CallerRole.Operator, async (world, scope) => new MatrixCall(
            $"/api/v1/dead-letters/{(await world.NewDeadLetterAsync(scope)).EventId}/retry")),
        new("POST /api/v1/dead-letters/{event_id}/discard", CallerRole.Operator, async (world, scope) => new MatrixCall(
            $"/api/v1/dead-letters/{(await world.NewDeadLetterAsync(scope)).EventId}/discard")),
        new("POST /api/v1/dead-letters/retry", CallerRole.Operator, async (world, scope) => new MatrixCall(
            "/api/v1/dead-letters/retry", $$"""{"session_id":"{{(await world.NewDeadLetterAsync(scope)).SessionId}}"}""")) { Hidden = 200 },
        new("POST /api/v1/dead-letters/discard", CallerRole.Operator, async (world, scope) => new MatrixCall(
            "/api/v1/dead-letters/discard", $$"""{"session_id":"{{(await world.NewDeadLetterAsync(scope)).SessionId}}"}""")) { Hidden = 200 },
    ];

    private static IEnumerable<MatrixRecipe> Others() =>
    [
        List("deliveries", "endpoint=endpoint"),
        List("stats", "window=1h&x") with { Scopes = OneScope, Hidden = 200 },
        List("me", "x") with { Scopes = OneScope },
        new("GET /api/v1/nodes", CallerRole.Viewer, static (_, _) => Call("/api/v1/nodes")) { OverEverything = true, Scopes = OneScope },
        new("GET /api/v1/stream", CallerRole.Viewer, static (_, _) => Call("/api/v1/stream?last_event_id=e0.c0.r0"))
        {
            Hidden = 200, Scopes = OneScope, IsStream = true,
        },
    ];

    private static IEnumerable<MatrixRecipe> Teams()
    {
        const string Team = "/api/v1/teams/{team_id}";
        yield return List("teams", "x=x", CallerRole.Admin) with { Scopes = OneScope };
        yield return new("POST /api/v1/teams", CallerRole.Admin, static (world, _) => Call("/api/v1/teams", $$"""{"name":"{{world.New("made")}}"}"""))
        {
            OverEverything = true,
            Scopes = OneScope,
        };
        yield return new($"GET {Team}", CallerRole.Admin, static async (world, scope) => new MatrixCall($"/api/v1/teams/{await world.NewTeamAsync(scope)}"));
        yield return new($"DELETE {Team}", CallerRole.Admin, static async (world, scope) => new MatrixCall($"/api/v1/teams/{await world.NewTeamAsync(scope)}"));
        yield return OfTeam("GET", "members", "members");
        yield return OfTeam("POST", "members", "members", """{"subject":"ada"}""");
        yield return OfTeam("DELETE", "members", "members?subject=person_@");
        yield return OfTeam("DELETE", "members/{subject}", "members/person_@");
        yield return OfTeam("GET", "grants", "grants");
        yield return OfTeam("POST", "grants", "grants", """{"role":"viewer","workspace_id":"workspace_own","agent_id":"agent_own"}""");
        yield return OfTeam("DELETE", "grants", "grants?grant_id=grant_@");
        yield return OfTeam("DELETE", "grants/{grant_id}", "grants/grant_@");

        static MatrixRecipe OfTeam(string method, string path, string call, string? body = null) => new(
            $"{method} {Team}/{path}",
            CallerRole.Admin,
            async (world, scope) =>
            {
                var id = await world.NewTeamAsync(scope);
                return new MatrixCall($"/api/v1/teams/{id}/{call.Replace("@", id["team_".Length..], StringComparison.Ordinal)}", body);
            });
    }

    private static IEnumerable<MatrixRecipe> Keys() =>
    [
        List("keys", "x=x", CallerRole.Admin) with { Scopes = OneScope },
        new("POST /api/v1/keys", CallerRole.Admin, static async (world, scope) => new MatrixCall(
            "/api/v1/keys", $$"""{"name":"{{world.New("made")}}","team_id":"{{await world.NewTeamAsync(scope)}}","role":"viewer"}""")) { Hidden = 400 },
        new("DELETE /api/v1/keys/{key_id}", CallerRole.Admin, static async (world, scope) => new MatrixCall($"/api/v1/keys/{await world.NewKeyAsync(scope)}")),
    ];

    private static IEnumerable<MatrixRecipe> Audit() =>
    [
        new("GET /api/v1/audit", CallerRole.Admin, static (_, _) => Call("/api/v1/audit")) { OverEverything = true, Scopes = OneScope },
        new("GET /api/v1/audit/export", CallerRole.Admin, static (_, _) => Call("/api/v1/audit/export")) { OverEverything = true, Scopes = OneScope },
    ];

    private static IEnumerable<MatrixRecipe> Access() =>
    [
        Item("access/why", static (_, scope) => $"access/why?resource=session/{MatrixWorld.Session(scope)}"),
        Item("access/who", static (_, scope) => $"access/who?resource=session/{MatrixWorld.Session(scope)}") with { Needs = CallerRole.Admin },
        new("POST /api/v1/access/preview", CallerRole.Admin, static async (world, scope) => new MatrixCall(
            "/api/v1/access/preview",
            $$"""{"team_id":"{{await world.NewTeamAsync(scope)}}","add":[{"role":"viewer","workspace_id":"workspace_own","agent_id":"agent_own"}]}""")),
    ];

    private static IEnumerable<MatrixRecipe> Openings() =>
    [
        List("access/break-glass", "x=x") with { Scopes = OneScope },
        new("POST /api/v1/access/break-glass", CallerRole.Admin, static (_, _) => Call(
            "/api/v1/access/break-glass", """{"reason":"a test","minutes":5,"workspace_id":"workspace_own"}""")) { Scopes = OneScope },
        new("DELETE /api/v1/access/break-glass/{break_glass_id}", CallerRole.Admin, static async (world, scope) => new MatrixCall(
            $"/api/v1/access/break-glass/{await world.NewOpeningAsync(scope)}")),
    ];

    // What needs no key shows nothing of anybody.
    private static IEnumerable<MatrixRecipe> Operations() =>
    [
        new("GET /healthz/live", null, static (_, _) => Call("/healthz/live")) { Scopes = OneScope },
        new("GET /healthz/ready", null, static (_, _) => Call("/healthz/ready")) { Scopes = OneScope },
        new("POST /webhooks/claude", null, static (_, _) => Call("/webhooks/claude", "{}")) { Scopes = OneScope, Done = 400 },
        new("POST /webhooks/claude/{endpoint}", null, static (_, _) => Call("/webhooks/claude/default", "{}")) { Scopes = OneScope, Done = 400 },
    ];
}
