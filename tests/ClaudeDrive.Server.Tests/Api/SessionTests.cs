using System.Text.Json;
using ClaudeDrive.Conformance;
using ClaudeDrive.Server.Tests.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Api;

public sealed class SessionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Show_WaitingSession_HasEveryFieldOfTheContract()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var review = await server.ReviewAsync();

        var session = await server.GetAsync("/api/v1/sessions/sesn_1");

        foreach (var field in new[]
        {
            "session_id", "status", "triage", "stop_reason", "title", "agent", "workspace_id", "metadata", "revision", "as_of", "hydrated_at",
            "blockers", "usage", "resource",
        })
        {
            Assert.True(session.TryGetProperty(field, out _), field);
        }

        Assert.Equal("needs_answer", session.GetProperty("triage").GetString());
        Assert.Equal("agent_1", session.GetProperty("agent").GetProperty("id").GetString());
        Assert.Equal("billing", session.GetProperty("metadata").GetProperty("team").GetString());
        Assert.Equal("sesn_1", session.GetProperty("resource").GetProperty("id").GetString());
        var blocker = Assert.Single(session.GetProperty("blockers").EnumerateArray());
        Assert.Equal(review, blocker.GetProperty("review_id").GetString());
        Assert.Equal("lookup_order", blocker.GetProperty("tool_name").GetString());
    }

    [Theory]
    [InlineData("status=idle", 1)]
    [InlineData("status=running", 1)]
    [InlineData("triage=needs_answer", 1)]
    [InlineData("agent_id=agent_1", 2)]
    [InlineData("workspace_id=wrkspc_9", 0)]
    [InlineData("q=REFUND", 2)]
    [InlineData("status=", 2)]
    public async Task List_Filter_Matches(string query, int total)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.ReviewAsync(sessionId: "sesn_1");
        await server.ApplyAsync("wevt_2", "sesn_2");
        Assert.Equal(total, (await server.GetAsync($"/api/v1/sessions?{query}")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Timeline_Session_HoldsEventsRevisionsAndReviews()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.ReviewAsync();

        var rows = (await server.GetAsync("/api/v1/sessions/sesn_1/timeline")).GetProperty("data").EnumerateArray().ToList();

        Assert.Equal(["event", "review", "revision"], rows.Select(r => r.GetProperty("kind").GetString()!).Order(StringComparer.Ordinal));
        Assert.All(rows, r => Assert.EndsWith("Z", r.GetProperty("known_at").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Diff_TwoRevisions_IsAJsonPatch()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.ApplyAsync("wevt_1");
        await server.ApplyAsync("wevt_2");
        await server.ApplyAsync("wevt_3", status: "idle");

        var patch = await server.GetAsync("/api/v1/sessions/sesn_1/diff?from=1&to=3");
        var newest = await server.GetAsync("/api/v1/sessions/sesn_1/diff");
        var back = await server.GetAsync("/api/v1/sessions/sesn_1/diff?from=3&to=1");
        var none = await server.GetAsync("/api/v1/sessions/sesn_1/diff?from=2&to=2");

        Assert.Contains(patch.EnumerateArray(), o => o.GetProperty("path").GetString() == "/status" && o.GetProperty("value").GetString() == "idle");
        Assert.Equal(2, newest.GetArrayLength());
        Assert.Contains(back.EnumerateArray(), o => o.GetProperty("value").ToString() == "running");
        Assert.Equal(0, none.GetArrayLength());
    }

    [Fact]
    public async Task Revision_Known_HasSnapshotAndHashes()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.ApplyAsync("wevt_1");

        var revision = await server.GetAsync("/api/v1/sessions/sesn_1/revisions/1");

        Assert.Equal(1, revision.GetProperty("snapshot").GetProperty("number").GetInt32());
        Assert.Equal(Given.Hash("""{"status":"running","number":1}"""), revision.GetProperty("snapshot_hash").GetString());
        Assert.Equal("webhook", revision.GetProperty("cause").GetString());
    }

    [Theory]
    [InlineData("sessions/sesn_9", 404, "not_found")]
    [InlineData("sessions/sesn_9/timeline", 404, "not_found")]
    [InlineData("sessions/sesn_9/transcript", 404, "not_found")]
    [InlineData("sessions/sesn_9/revisions", 404, "not_found")]
    [InlineData("sessions/sesn_1/revisions/2", 404, "not_found")]
    [InlineData("sessions/sesn_1/revisions/0", 400, "parameter_invalid")]
    [InlineData("sessions/sesn_1/revisions/one", 400, "parameter_invalid")]
    [InlineData("sessions/sesn_1/revisions/99999999999999", 400, "parameter_invalid")]
    [InlineData("sessions/sesn_1/diff?from=x", 400, "parameter_invalid")]
    [InlineData("sessions/sesn_1/diff?from=1&to=7", 404, "not_found")]
    [InlineData("resources/agent/none", 404, "not_found")]
    [InlineData("events/none", 404, "not_found")]
    [InlineData("reviews/none", 404, "not_found")]
    [InlineData("stats?window=never", 400, "parameter_invalid")]
    [InlineData("stats?window=0", 400, "parameter_invalid")]
    [InlineData("stats?window=99d", 400, "parameter_invalid")]
    [InlineData("stream?topics=gossip", 400, "parameter_invalid")]
    [InlineData("stream?last_event_id=7", 400, "parameter_invalid")]
    [InlineData("nowhere", 404, "not_found")]
    [InlineData("", 404, "not_found")]
    public async Task Get_Bad_ClearProblem(string path, int status, string code)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.ApplyAsync("wevt_1");
        await Answers.ProblemAsync(await server.Client.GetAsync($"/api/v1/{path}", Token), status, code);
    }

    [Fact]
    public async Task Resources_OtherKinds_AreListedWithoutSessions()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.ApplyAsync("wevt_1");
        await server.ResourceAsync("agent", "agent_1");

        var list = await server.GetAsync("/api/v1/resources");

        Assert.Equal("agent", Assert.Single(list.GetProperty("data").EnumerateArray()).GetProperty("resource_type").GetString());
        Assert.Equal("agent_1", (await server.GetAsync("/api/v1/resources/agent/agent_1")).GetProperty("resource_id").GetString());
    }

    [Fact]
    public async Task Stats_Server_HasTheAgreedShape()
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.SendAsync(Vectors.V1.Request())).Dispose();
        await server.ReviewAsync();

        var stats = await server.GetAsync("/api/v1/stats?window=15m");

        Assert.Equal(900, stats.GetProperty("window_seconds").GetInt32());
        Assert.Equal(2, stats.GetProperty("events").GetProperty("total").GetInt32());
        Assert.Equal(2, stats.GetProperty("deliveries").GetProperty("accepted").GetInt32());
        Assert.Equal(1, stats.GetProperty("contexts").GetProperty("sessions").GetInt32());
        Assert.Equal(1, stats.GetProperty("reviews").GetProperty("open").GetInt32());
        Assert.Equal(0, stats.GetProperty("reviews").GetProperty("closed_elsewhere").GetInt32());
        Assert.Equal(JsonValueKind.Number, stats.GetProperty("api").GetProperty("reads_per_webhook").ValueKind);
        Assert.True(stats.GetProperty("work").TryGetProperty("oldest_due_seconds", out _));
    }
}
