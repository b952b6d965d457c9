using System.Text.Json;
using ClaudeDrive.Server.Tests.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Api;

/// <summary>Teams, members, grants and keys through the API.</summary>
public sealed class TeamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Team_MadeFilledAndDeleted_ShowsEachStep()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var team = await MakeTeamAsync(server, "Billing");

        var withAda = await SendAsync(server, "POST", $"teams/{team}/members", """{"subject":"ada"}""");
        var grant = await SendAsync(
            server, "POST", $"teams/{team}/grants", """{"role":"operator","workspace_id":"w1","metadata":{"key":"team","value":"billing"}}""");
        var listed = (await server.GetAsync("/api/v1/teams")).GetProperty("data")[0];

        Assert.Equal("ada", Text(withAda.GetProperty("members")[0], "subject"));
        Assert.Equal(Text(grant, "grant_id"), Text(listed.GetProperty("grants")[0], "grant_id"));
        Assert.Equal("billing", Text(listed.GetProperty("grants")[0].GetProperty("metadata"), "value"));
        Assert.Equal(0, (await SendAsync(server, "DELETE", $"teams/{team}/members/ada")).GetProperty("members").GetArrayLength());
        Assert.Equal(0, (await SendAsync(server, "DELETE", $"teams/{team}/grants/{Text(grant, "grant_id")}")).GetProperty("grants").GetArrayLength());
        Assert.Equal(team, Text(await SendAsync(server, "DELETE", $"teams/{team}"), "team_id"));
        Assert.Equal(0, (await server.GetAsync("/api/v1/teams")).GetProperty("total").GetInt64());
    }

    [Theory]
    [InlineData("""{"role":"viewer","workspace":"w1"}""")]
    [InlineData("""{"workspace_id":"w1"}""")]
    [InlineData("""{"role":"owner"}""")]
    [InlineData("""{"role":"viewer","metadata":{"key":"team"}}""")]
    [InlineData("""{"role":"viewer","metadata":"team=x"}""")]
    [InlineData("""{"role":"viewer","workspace_id":""}""")]
    public async Task AddGrant_NotWhatItSeems_IsRefusedRatherThanWidened(string body)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var team = await MakeTeamAsync(server, "Billing");

        await Answers.ProblemAsync(await CallAsync(server, "POST", $"teams/{team}/grants", body), 400, "parameter_invalid");

        Assert.Equal(0, (await server.GetAsync($"/api/v1/teams/{team}/grants")).GetProperty("total").GetInt64());
    }

    [Fact]
    public async Task Key_Made_IsShownOnceAndWorksAtOnce()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var made = await SendAsync(server, "POST", "keys", """{"name":"ci","role":"operator"}""");
        var key = Text(made, "key");

        var me = await SendAsync(server, "GET", "me", null, key);
        using var list = await CallAsync(server, "GET", "keys");
        var text = await list.Content.ReadAsStringAsync(Token);

        Assert.Equal(("ci", "operator"), (Text(me, "name"), Text(me, "role")));
        Assert.DoesNotContain(key, text, StringComparison.Ordinal);
        Assert.Contains($"\"prefix\":\"{key[..10]}\"", text, StringComparison.Ordinal);
        await SendAsync(server, "DELETE", $"keys/{Text(made, "key_id")}");
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await Answers.ProblemAsync(await CallAsync(server, "GET", "me", null, key), 401, "unauthenticated");
    }

    [Fact]
    public async Task Key_MadeByAnAdminOfOneWorkspace_NeverExceedsIt()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var (mine, other) = (await MakeTeamAsync(server, "Mine"), await MakeTeamAsync(server, "Other"));
        var free = await MakeTeamAsync(server, "Free");
        await SendAsync(server, "POST", $"teams/{mine}/grants", """{"role":"admin","workspace_id":"w1"}""");
        await SendAsync(server, "POST", $"teams/{other}/grants", """{"role":"viewer","workspace_id":"w2"}""");
        var end = server.Time.GetUtcNow().AddDays(1).UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        var admin = Text(await SendAsync(server, "POST", "keys", $$"""{"name":"lead","team_id":"{{mine}}","expires_at":"{{end}}"}"""), "key");

        var same = await SendAsync(server, "POST", "keys", $$"""{"name":"a","team_id":"{{mine}}","role":"viewer"}""", admin);

        Assert.Equal("viewer", Text(same, "role"));
        Assert.StartsWith(end[..19], Text(same, "expires_at"), StringComparison.Ordinal);
        await RefusedAsync("keys", """{"name":"b"}""", 403, "forbidden");
        await RefusedAsync("keys", """{"name":"b","role":"admin"}""", 403, "forbidden");
        await RefusedAsync("keys", $$"""{"name":"b","team_id":"{{mine}}","expires_at":"2030-01-01T00:00:00Z"}""", 403, "forbidden");
        await RefusedAsync("keys", $$"""{"name":"b","team_id":"{{other}}"}""", 400, "parameter_invalid");
        await RefusedAsync("keys", $$"""{"name":"b","team_id":"{{free}}"}""", 400, "parameter_invalid");
        await RefusedAsync($"teams/{mine}/grants", """{"role":"viewer","workspace_id":"w2"}""", 403, "forbidden");
        await RefusedAsync($"teams/{mine}/grants", """{"role":"viewer"}""", 403, "forbidden");
        await RefusedAsync($"teams/{other}/grants", """{"role":"viewer","workspace_id":"w1"}""", 404, "not_found");
        await RefusedAsync("teams", """{"name":"New"}""", 403, "forbidden");
        Assert.Equal(1, (await SendAsync(server, "GET", "teams", null, admin)).GetProperty("total").GetInt64());
        Assert.Equal(2, (await SendAsync(server, "GET", "keys", null, admin)).GetProperty("total").GetInt64());

        async Task RefusedAsync(string path, string body, int status, string code) =>
            await Answers.ProblemAsync(await CallAsync(server, "POST", path, body, admin), status, code);
    }

    [Theory]
    [InlineData("""{"name":"admin"}""", 400, "parameter_invalid")]
    [InlineData("""{"name":"ci","expires_at":"2020-01-01T00:00:00Z"}""", 400, "parameter_invalid")]
    [InlineData("""{"name":"ci","team_id":"team_none"}""", 400, "parameter_invalid")]
    [InlineData("""{"name":"ci","scope":"x"}""", 400, "parameter_invalid")]
    [InlineData("""{"name":"taken"}""", 409, "name_taken")]
    public async Task Key_NotMakeable_IsRefused(string body, int status, string code)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await SendAsync(server, "POST", "keys", """{"name":"taken"}""");

        await Answers.ProblemAsync(await CallAsync(server, "POST", "keys", body), status, code);
    }

    [Fact]
    public async Task Teams_Paged_EveryTeamOnce()
    {
        await using var server = await ServerUnderTest.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await MakeTeamAsync(server, $"Team {i}");
        }

        var (names, path) = (new List<string>(), "/api/v1/teams?limit=2");
        while (true)
        {
            var page = await server.GetAsync(path);
            Assert.Equal(5, page.GetProperty("total").GetInt64());
            names.AddRange(page.GetProperty("data").EnumerateArray().Select(static team => Text(team, "name")));
            if (page.GetProperty("next_cursor").GetString() is not { } next)
            {
                break;
            }

            path = $"/api/v1/teams?limit=2&cursor={next}";
        }

        Assert.Equal(["Team 0", "Team 1", "Team 2", "Team 3", "Team 4"], names.Order());
    }

    internal static async Task<string> MakeTeamAsync(ServerUnderTest server, string name) =>
        Text(await SendAsync(server, "POST", "teams", $$"""{"name":"{{name}}"}"""), "team_id");

    internal static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    internal static async Task<JsonElement> SendAsync(ServerUnderTest server, string method, string path, string? body = null, string? key = null)
    {
        using var response = await CallAsync(server, method, path, body, key);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {response.StatusCode} {await response.Content.ReadAsStringAsync(Token)}");
        return await Answers.ReadAsync(response);
    }

    internal static async Task<HttpResponseMessage> CallAsync(
        ServerUnderTest server, string method, string path, string? body = null, string? key = null)
    {
        using var client = server.NewClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/v1/{path}");
        request.Headers.Authorization = new("Bearer", key ?? ServerUnderTest.AdminKey);
        request.Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        return await client.SendAsync(request, Token);
    }
}
