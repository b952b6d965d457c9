using System.Text.Json.Nodes;
using ClaudeDrive.Simulator;
using Xunit;

namespace ClaudeDrive.Server.Tests.Simulator;

/// <summary>What the fake API accepts and refuses.</summary>
public sealed class ApiRulesTests
{
    [Theory]
    [InlineData("/v1/sessions", null, 400)]
    [InlineData("/v1/agents", null, 400)]
    [InlineData("/v1/sessions/sesn_x/threads", null, 404)]
    [InlineData("/v1/sessions", "managed-agents-2026-04-01,never-heard-of-2020-01-01", 400)]
    [InlineData("/v1/sessions?beta=true", "managed-agents-2026-04-01", 200)]
    [InlineData("/v1/memory_stores", "agent-memory-2026-07-22", 200)]
    [InlineData("/v1/memory_stores", "agent-memory-2026-07-22,managed-agents-2026-04-01", 400)]
    [InlineData("/v1/memory_stores", null, 404)]
    [InlineData("/v1/organizations/webhooks", null, 404)]
    [InlineData("/v1/organizations/webhooks", "webhooks-2026-10-07", 200)]
    [InlineData("/v1/user_profiles", null, 200)]
    [InlineData("/v1/organizations/external_keys", null, 200)]
    [InlineData("/v1/nothing", null, 404)]
    [InlineData("/v1/sessions/sesn_x", "managed-agents-2026-04-01", 404)]
    public async Task Get_BetaHeader_StatusIsAsDocumented(string path, string? beta, int expected)
    {
        await using var host = await SimulatorFixtures.StartAsync();
        using var client = host.Client(beta);
        var (status, body) = await client.CallAsync("GET", path);

        Assert.Equal(expected, status);
        if (expected != 200)
        {
            Assert.Equal("error", (string)body["type"]!);
            Assert.StartsWith("req_", (string)body["request_id"]!, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("x-api-key", "right", 200)]
    [InlineData("Authorization", "Bearer right", 200)]
    [InlineData("x-api-key", "wrong", 401)]
    [InlineData("Authorization", "Bearer wrong", 401)]
    [InlineData("X-Other", "right", 401)]
    public async Task Get_Credentials_OnlyTheKeyPasses(string header, string value, int expected)
    {
        await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast() with { ApiKey = "right" });
        using var client = new HttpClient { BaseAddress = host.BaseUrl };
        client.DefaultRequestHeaders.Add(header, value);
        client.DefaultRequestHeaders.Add("anthropic-beta", "managed-agents-2026-04-01");
        Assert.Equal(expected, (await client.CallAsync("GET", "/v1/sessions")).Status);
    }

    [Fact]
    public async Task List_Pages_EverySessionOnceInOrderAndBack()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        var ids = host.StartSessions("finishes", 7);
        using var client = host.Client();
        var seen = new List<string>();
        JsonObject page;
        var query = "/v1/sessions?limit=3";
        var next = query;
        do
        {
            (_, page) = await client.CallAsync("GET", next);
            seen.AddRange(page.Items("data").Select(session => (string)session["id"]!));
            next = query + "&page=" + page["next_page"];
        }
        while (page["next_page"] is not null);

        Assert.Equal(ids.Reverse(), seen);
        var (_, before) = await client.CallAsync("GET", query + "&page=" + page["prev_page"]);
        Assert.Equal(seen.Skip(3).Take(3), before.Items("data").Select(session => (string)session["id"]!));
    }

    [Theory]
    [InlineData("&order=asc")]
    [InlineData("&statuses%5B%5D=idle")]
    public async Task List_CursorOfAnotherQuery_IsRefused(string change)
    {
        await using var host = await SimulatorFixtures.StartAsync();
        host.StartSessions("finishes", 3);
        using var client = host.Client();
        var (_, page) = await client.CallAsync("GET", "/v1/sessions?limit=1");
        Assert.Equal(400, (await client.CallAsync("GET", "/v1/sessions?limit=1&page=" + page["next_page"] + change)).Status);
    }

    [Theory]
    [InlineData("statuses%5B%5D=idle&statuses%5b%5d=terminated&include_archived=true", 2)]
    [InlineData("statuses[]=running", 0)]
    [InlineData("created_at%5bgte%5d=2001-01-01T00%3a00%3a00%2b00%3a00", 2)]
    [InlineData("created_at[lt]=2001-01-01T00:00:00Z", 0)]
    [InlineData("agent_id=agent_none", 0)]
    public async Task List_Filters_AreAppliedInAnyEncoding(string query, int expected)
    {
        await using var host = await SimulatorFixtures.StartAsync();
        host.StartSessions("finishes", 2);
        await host.QuietAsync();
        using var client = host.Client();
        var (status, page) = await client.CallAsync("GET", "/v1/sessions?" + query);
        Assert.Equal(200, status);
        Assert.Equal(expected, page["data"]!.AsArray().Count);
    }

    [Fact]
    public async Task Events_NewestIdle_IsFoundByTypeAndOrder()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        var id = host.StartSessions("needs_answer")[0];
        await host.QuietAsync();
        using var client = host.Client();
        var (_, page) = await client.CallAsync("GET", $"/v1/sessions/{id}/events?order=desc&types%5B%5D=session.status_idle&limit=1");
        var idle = page.Items("data").Single();
        Assert.Equal("requires_action", (string)idle["stop_reason"]!["type"]!);
        Assert.Equal(host.TrueState(id)["open_blockers"]!.ToJsonString(), idle["stop_reason"]!["event_ids"]!.ToJsonString());
        Assert.Equal(400, (await client.CallAsync("GET", $"/v1/sessions/{id}/events?types[]=session.deleted")).Status);
    }

    [Fact]
    public async Task Events_OfOneSession_TimesStrictlyIncrease()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        var id = host.StartSessions("long")[0];
        await host.QuietAsync();
        using var client = host.Client();
        var (_, page) = await client.CallAsync("GET", $"/v1/sessions/{id}/events");
        var times = page.Items("data").Select(item => (string)item["processed_at"]!).ToList();
        Assert.True(times.Count > 100);
        Assert.Equal(times.Distinct().Order(StringComparer.Ordinal), times);
    }

    [Fact]
    public async Task Archive_WhileRunning_IsRefused()
    {
        await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast() with { StoryPace = 1000 });
        using var client = host.Client();
        var id = await CreateAsync(client, """,{"initial_events":[{"type":"user.message","content":[{"type":"text","text":"go"}]}]}""");
        Assert.Equal("running", (string)(await client.CallAsync("GET", "/v1/sessions/" + id)).Body["status"]!);
        Assert.Equal(400, (await client.CallAsync("POST", $"/v1/sessions/{id}/archive")).Status);
        Assert.Equal(400, (await client.CallAsync("DELETE", $"/v1/sessions/{id}")).Status);
    }

    [Fact]
    public async Task Update_BudgetOnSessionWithout_IsRefused()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        using var client = host.Client();
        var id = await CreateAsync(client, "");
        var (status, _) = await client.CallAsync("POST", "/v1/sessions/" + id, """{"budget":{"type":"limit","max_list_cost":{"amount":"100","currency":"USD"}}}""");
        Assert.Equal(400, status);
    }

    [Fact]
    public async Task Update_BudgetOfCappedSession_ItContinuesByItself()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        var id = host.StartSessions("budget")[0];
        await host.QuietAsync();
        using var client = host.Client();
        var (refused, _) = await client.CallAsync("POST", $"/v1/sessions/{id}/events", """{"events":[{"type":"user.message","content":[{"type":"text","text":"go on"}]}]}""");
        var (ignored, _) = await client.CallAsync("POST", $"/v1/sessions/{id}/events", """{"events":[{"type":"user.interrupt"}]}""");
        Assert.Equal("budget_reached", (string)host.TrueState(id)["stop_reason"]!);
        await client.CallAsync("POST", "/v1/sessions/" + id, """{"budget":{"type":"limit","max_list_cost":{"amount":"2500","currency":"USD"}}}""");
        await host.QuietAsync();

        Assert.Equal((400, 200), (refused, ignored));
        Assert.Equal("end_turn", (string)host.TrueState(id)["stop_reason"]!);
        var (_, events) = await client.CallAsync("GET", $"/v1/sessions/{id}/events?types[]=user.interrupt");
        Assert.Empty(events["data"]!.AsArray());
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("user-profiles-2026-08-18", false)]
    public async Task Get_UserProfileWithOldBeta_EnforcementIsAbsent(string? beta, bool expected)
    {
        await using var host = await SimulatorFixtures.StartAsync(SimulatorFixtures.Fast() with { Scenario = "mixed" });
        await host.QuietAsync();
        using var client = host.Client(beta);
        var id = host.ReadLedger().Items("resources").Where(item => (string)item["type"]! == "user_profile").Select(item => (string)item["id"]!).First();
        var (_, profile) = await client.CallAsync("GET", "/v1/user_profiles/" + id);
        Assert.Equal(expected, profile.ContainsKey("enforcement_actions"));
    }

    [Fact]
    public async Task Update_Metadata_PatchesAndEmits()
    {
        await using var host = await SimulatorFixtures.StartAsync();
        using var client = host.Client();
        var id = await CreateAsync(client, """,{"metadata":{"a":"1","b":"2"}}""");
        var (_, before) = await client.CallAsync("GET", "/v1/sessions/" + id);
        var (_, session) = await client.CallAsync("POST", "/v1/sessions/" + id, """{"metadata":{"a":null,"c":"3"}}""");

        Assert.Equal("""{"b":"2","c":"3"}""", session["metadata"]!.ToJsonString());
        Assert.NotEqual((string)before["updated_at"]!, (string)session["updated_at"]!);
        Assert.Contains(host.ReadLedger().Items("events"), item => (string)item["event_type"]! == "session.updated");
    }

    private static async Task<string> CreateAsync(HttpClient client, string extra)
    {
        var agent = (string)(await client.CallAsync("GET", "/v1/agents")).Body["data"]![0]!["id"]!;
        var environment = (string)(await client.CallAsync("GET", "/v1/environments")).Body["data"]![0]!["id"]!;
        var body = new JsonObject { ["agent"] = agent, ["environment_id"] = environment };
        foreach (var (name, value) in extra.Length == 0 ? [] : JsonNode.Parse(extra[1..])!.AsObject())
        {
            body[name] = value?.DeepClone();
        }

        var (status, session) = await client.CallAsync("POST", "/v1/sessions", body.ToJsonString());
        Assert.Equal(200, status);
        return (string)session["id"]!;
    }
}
