using ClaudeDrive.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Server.Tests.Running;
using Xunit;
using static ClaudeDrive.Server.Tests.Api.TeamTests;

namespace ClaudeDrive.Server.Tests.Api;

/// <summary>Why somebody sees something, who else does, what a change would show, and looking beyond one's grants.</summary>
public sealed class ExplainTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Why_SeenByTwoGrants_NamesBothWithTheirTeam()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.ReviewAsync();
        var (team, key) = await TeamAsync(server, "Billing", """{"role":"viewer","workspace_id":"wrkspc_1"}""");
        await SendAsync(server, "POST", $"teams/{team}/grants", """{"role":"reviewer","metadata":{"key":"team","value":"billing"}}""");
        await SendAsync(server, "POST", $"teams/{team}/grants", """{"role":"admin","agent_id":"agent_2"}""");
        server.Time.Advance(TimeSpan.FromSeconds(1));

        foreach (var resource in new[] { "session/sesn_1", "sesn_1", "event/wevt_sesn_1" })
        {
            var why = await SendAsync(server, "GET", $"access/why?resource={resource}", null, key);

            Assert.Equal("reviewer", Text(why, "role"));
            Assert.Equal(["viewer", "reviewer"], why.GetProperty("grants").EnumerateArray().Select(static grant => Text(grant, "role")));
            Assert.All(why.GetProperty("grants").EnumerateArray(), grant => Assert.Equal(team, Text(grant, "team_id")));
            Assert.Equal("wrkspc_1", Text(why.GetProperty("place"), "workspace_id"));
        }
    }

    [Fact]
    public async Task Act_SeenButNotAllowedThere_IsForbiddenAndChangesNothing()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var reviewId = await server.ReviewAsync();
        await server.ParkAsync("wevt_dead", "sesn_dead");
        var (team, key) = await TeamAsync(server, "Mixed", """{"role":"viewer","workspace_id":"wrkspc_1"}""");
        await SendAsync(server, "POST", $"teams/{team}/grants", """{"role":"admin","workspace_id":"wrkspc_2"}""");
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await SendAsync(server, "GET", $"reviews/{reviewId}", null, key);

        foreach (var (path, body) in new[]
        {
            ($"reviews/{reviewId}/claim", "{}"), ($"reviews/{reviewId}/release", "{}"),
            ($"reviews/{reviewId}/answer", """{"type":"result","content":"42"}"""), ("events/wevt_sesn_1/replay", ""),
            ("dead-letters/wevt_dead/retry", ""), ("dead-letters/wevt_dead/discard", ""),
        })
        {
            await Answers.ProblemAsync(await CallAsync(server, "POST", path, body, key), 403, "forbidden");
        }

        await Answers.ProblemAsync(await CallAsync(server, "GET", "access/who?resource=sesn_1", null, key), 403, "forbidden");
        Assert.Equal(0, (await SendAsync(server, "POST", "dead-letters/discard", "{}", key)).GetProperty("discarded").GetInt32());
        Assert.Equal(0, (await SendAsync(server, "POST", "dead-letters/retry", "{}", key)).GetProperty("retried").GetInt32());
        Assert.Equal("open", Text(await SendAsync(server, "GET", $"reviews/{reviewId}"), "state"));
    }

    [Fact]
    public async Task Who_OneSession_NamesTeamsAndKeysThatSeeItAndNoOther()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.ReviewAsync();
        await TeamAsync(server, "Billing", """{"role":"viewer","workspace_id":"wrkspc_1"}""");
        await TeamAsync(server, "Legal", """{"role":"viewer","workspace_id":"wrkspc_2"}""");

        var who = await SendAsync(server, "GET", "access/who?resource=session/sesn_1");

        Assert.Equal(["Billing"], who.GetProperty("teams").EnumerateArray().Select(static team => Text(team, "name")));
        Assert.Equal(["key of Billing"], who.GetProperty("keys").EnumerateArray().Select(static key => Text(key, "name")));
        await Answers.ProblemAsync(await CallAsync(server, "GET", "access/who?resource=session/none"), 404, "not_found");
        await Answers.ProblemAsync(await CallAsync(server, "GET", "access/who"), 400, "parameter_invalid");
    }

    [Fact]
    public async Task Preview_GrantAddedAndRemoved_CountsExactlyAndChangesNothing()
    {
        await using var server = await ServerUnderTest.StartAsync();
        for (var i = 0; i < 7; i++)
        {
            await PlaceAsync(server, $"sesn_{i}", i < 3 ? "w1" : "w2", i % 2 == 0 ? "a1" : "a2");
        }

        var (team, _) = await TeamAsync(server, "Billing", """{"role":"viewer","workspace_id":"w1"}""");
        var grant = Text((await SendAsync(server, "GET", $"teams/{team}/grants")).GetProperty("data")[0], "grant_id");

        var preview = await SendAsync(
            server, "POST", "access/preview", $$"""{"team_id":"{{team}}","remove":["{{grant}}"],"add":[{"role":"viewer","agent_id":"a1"}]}""");

        // Seen before: 0, 1, 2. After: 0, 2, 4, 6.
        Assert.Equal((2, 1), (preview.GetProperty("shown").GetProperty("total").GetInt64(), preview.GetProperty("hidden").GetProperty("total").GetInt64()));
        Assert.Equal(["sesn_6", "sesn_4"], Examples("shown"));
        Assert.Equal(["sesn_1"], Examples("hidden"));
        Assert.Equal(1, (await SendAsync(server, "GET", $"teams/{team}/grants")).GetProperty("total").GetInt64());

        IEnumerable<string> Examples(string side) =>
            preview.GetProperty(side).GetProperty("examples").EnumerateArray().Select(static example => Text(example, "session_id"));
    }

    [Theory]
    [InlineData("""{"team_id":"team_none","add":[{"role":"viewer"}]}""", 404)]
    [InlineData("""{"team_id":"@"}""", 400)]
    [InlineData("""{"team_id":"@","remove":["grant_none"]}""", 400)]
    [InlineData("""{"team_id":"@","add":["viewer"]}""", 400)]
    [InlineData("""{"team_id":"@","add":[{"role":"viewer","workspace":"w"}]}""", 400)]
    public async Task Preview_NotOfTheTeam_IsRefused(string body, int status)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var team = await MakeTeamAsync(server, "Billing");

        using var response = await CallAsync(server, "POST", "access/preview", body.Replace("@", team, StringComparison.Ordinal));

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task BreakGlass_Opened_ShowsForItsTimeTellsTheTeamAndRecordsEveryRequest()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await PlaceAsync(server, "sesn_theirs", "w2", "a2");
        var (_, admin) = await TeamAsync(server, "Mine", """{"role":"admin","workspace_id":"w1"}""");
        var (_, theirs) = await TeamAsync(server, "Theirs", """{"role":"viewer","workspace_id":"w2"}""");
        var (_, others) = await TeamAsync(server, "Others", """{"role":"viewer","workspace_id":"w3"}""");
        await Answers.ProblemAsync(await CallAsync(server, "GET", "sessions/sesn_theirs", null, admin), 404, "not_found");

        var opening = await SendAsync(server, "POST", "access/break-glass", """{"reason":"incident 7","minutes":10,"workspace_id":"w2"}""", admin);

        await SendAsync(server, "GET", "sessions/sesn_theirs/transcript", null, admin);
        await Answers.ProblemAsync(await CallAsync(server, "POST", "events/wevt_sesn_theirs/replay", "", admin), 403, "forbidden");
        var told = (await SendAsync(server, "GET", "access/break-glass", null, theirs)).GetProperty("data")[0];
        Assert.Equal(("incident 7", Text(opening, "break_glass_id")), (Text(told, "reason"), Text(told, "break_glass_id")));
        Assert.StartsWith("key of Mine", Text(told, "actor"), StringComparison.Ordinal);
        Assert.Equal(0, (await SendAsync(server, "GET", "access/break-glass", null, others)).GetProperty("total").GetInt64());
        var used = (await SendAsync(server, "GET", "audit?action=break_glass.use")).GetProperty("data");
        Assert.Contains("sessions/sesn_theirs/transcript", used[1].GetRawText(), StringComparison.Ordinal);
        Assert.Equal("incident 7", Text(used[1], "reason"));
        server.Time.Advance(TimeSpan.FromMinutes(10));
        await Answers.ProblemAsync(await CallAsync(server, "GET", "sessions/sesn_theirs", null, admin), 404, "not_found");
    }

    [Fact]
    public async Task BreakGlass_Closed_EndsAtOnceAndGivesNothingMeanwhile()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await PlaceAsync(server, "sesn_theirs", "w2", "a2");
        var (_, admin) = await TeamAsync(server, "Mine", """{"role":"admin","workspace_id":"w1"}""");
        var id = Text(await SendAsync(server, "POST", "access/break-glass", """{"reason":"incident 7"}""", admin), "break_glass_id");
        await SendAsync(server, "GET", "sessions/sesn_theirs", null, admin);

        // Seen, but nothing more: neither keys nor grants over what was opened.
        await Answers.ProblemAsync(await CallAsync(server, "POST", "keys", """{"name":"x","role":"viewer"}""", admin), 403, "forbidden");
        await Answers.ProblemAsync(await CallAsync(server, "GET", "audit", null, admin), 403, "forbidden");
        Assert.Equal(["admin"], (await SendAsync(server, "GET", "me", null, admin)).GetProperty("grants").EnumerateArray().Select(static grant => Text(grant, "role")));
        await SendAsync(server, "DELETE", $"access/break-glass/{id}", null, admin);

        await Answers.ProblemAsync(await CallAsync(server, "GET", "sessions/sesn_theirs", null, admin), 404, "not_found");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"reason":""}""")]
    [InlineData("""{"reason":"x","minutes":0}""")]
    [InlineData("""{"reason":"x","minutes":241}""")]
    [InlineData("""{"reason":"x","workspace":"w2"}""")]
    public async Task BreakGlass_WithoutReasonOrBound_IsRefused(string body)
    {
        await using var server = await ServerUnderTest.StartAsync();

        await Answers.ProblemAsync(await CallAsync(server, "POST", "access/break-glass", body), 400, "parameter_invalid");
    }

    private static async Task<(string Team, string Key)> TeamAsync(ServerUnderTest server, string name, string grant)
    {
        var team = await MakeTeamAsync(server, name);
        await SendAsync(server, "POST", $"teams/{team}/grants", grant);
        return (team, Text(await SendAsync(server, "POST", "keys", $$"""{"name":"key of {{name}}","team_id":"{{team}}"}"""), "key"));
    }

    private static async Task PlaceAsync(ServerUnderTest server, string sessionId, string workspaceId, string agentId)
    {
        await server.EventAsync($"wevt_{sessionId}", sessionId);
        server.Time.Advance(TimeSpan.FromSeconds(3));
        var lease = (await server.Store.ClaimAsync(100, TimeSpan.FromMinutes(1), Token)).Single(l => l.Resource.Id == sessionId);
        var change = Given.Change(ResourceKey.Session(sessionId), null) with { SessionEvents = [Given.SessionEvent("sevt_1", Given.Start)] };
        Assert.Equal(
            ApplyOutcome.Applied,
            await server.Store.ApplyAsync(lease, change with { Head = change.Head with { WorkspaceId = workspaceId, AgentId = agentId } }, Token));
    }
}
