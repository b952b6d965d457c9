using ClaudeDrive.Access;
using ClaudeDrive.Audit;
using ClaudeDrive.Server.Tests.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Api;

/// <summary>Full-text search through the API.</summary>
public sealed class SearchTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Search_Words_FindsShowsAndAudits()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.ApplyAsync("wevt_1", "sesn_1");
        await server.ApplyAsync("wevt_2", "sesn_2");

        var found = await server.GetAsync("/api/v1/search?q=refund%20order&limit=1");

        Assert.Equal(2, found.GetProperty("total").GetInt32());
        var hit = found.GetProperty("data")[0];
        Assert.Equal(("context", "session", "sesn_2", "Refund order 7"), (Text("kind"), Text("resource_type"), Text("resource_id"), Text("snippet")));
        var next = await server.GetAsync($"/api/v1/search?q=refund%20order&limit=1&cursor={found.GetProperty("next_cursor").GetString()}");
        Assert.Equal("sesn_1", next.GetProperty("data")[0].GetProperty("resource_id").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, next.GetProperty("next_cursor").ValueKind);
        var audit = await server.Store.ReadAuditAsync(0, 10, Token);
        Assert.All(audit, static entry => Assert.Equal((AuditActions.TranscriptSearched, """{"q":"refund order"}"""), (entry.What.Action, entry.What.After)));
        Assert.Equal(2, audit.Count);

        string? Text(string name) => hit.GetProperty(name).GetString();
    }

    [Theory]
    [InlineData("")]
    [InlineData("?q=")]
    [InlineData("?q=%2A%26%22")]
    [InlineData("?q=1%202%203%204%205%206%207%208%209%2010%2011%2012%2013%2014%2015%2016%2017")]
    public async Task Search_NoWords_IsRefused(string query)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var response = await server.Client.GetAsync(new Uri("/api/v1/search" + query, UriKind.Relative), Token);
        Assert.Equal("q", (await Answers.ProblemAsync(response, 400, "parameter_invalid")).GetProperty("parameter").GetString());
        Assert.Equal(0, (await server.Store.FindAuditHeadAsync(Token)).Seq);
    }

    [Fact]
    public async Task Search_CallerOfAnotherWorkspace_FindsAndCountsNothing()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.ApplyAsync("wevt_1", "sesn_1");

        Assert.Equal(0, await CountAsync(await server.KeyForAsync(new Scope { WorkspaceId = "other" })));
        Assert.Equal(1, await CountAsync(await server.KeyForAsync(new Scope { WorkspaceId = "wrkspc_1" }, "team_2")));

        async Task<int> CountAsync(string key)
        {
            using var response = await server.GetAsAsync(key, "/api/v1/search?q=refund");
            var found = await Answers.ReadAsync(response);
            Assert.Equal(found.GetProperty("data").GetArrayLength(), found.GetProperty("total").GetInt32());
            return found.GetProperty("total").GetInt32();
        }
    }
}
