using System.Text.Json;
using ClaudeDrive.Audit;
using ClaudeDrive.Server.Tests.Running;
using Xunit;
using static ClaudeDrive.Server.Tests.Api.TeamTests;

namespace ClaudeDrive.Server.Tests.Api;

/// <summary>What people do leaves a row that says who, where from, why and what changed.</summary>
public sealed class AuditTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Act_AnyThatCounts_IsInTheLogWithItsActor()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var reviewId = await server.ReviewAsync();
        await server.ParkAsync("wevt_dead", "sesn_dead");
        var key = Text(await SendAsync(server, "POST", "keys", """{"name":"ada","role":"operator","reason":"on call"}"""), "key");

        await SendAsync(server, "GET", "sessions/sesn_1/transcript", null, key);
        await SendAsync(server, "POST", $"reviews/{reviewId}/claim", """{"note":"mine"}""", key);
        await SendAsync(server, "POST", $"reviews/{reviewId}/answer", """{"type":"result","content":"42"}""", key);
        await SendAsync(server, "POST", "dead-letters/wevt_dead/retry", null, key);
        await SendAsync(server, "POST", "events/wevt_sesn_1/replay", null, key);

        var rows = (await server.GetAsync("/api/v1/audit")).GetProperty("data").EnumerateArray().Reverse().ToList();
        Assert.Equal(
            [
                "key.create key/", "transcript.read session/sesn_1", $"review.claim review/{reviewId}", $"review.answer review/{reviewId}",
                "dead_letters.retry event/wevt_dead", "event.replay event/wevt_sesn_1",
            ],
            rows.Select(static row => $"{Text(row, "action")} {Text(row, "resource")}".Split("key_")[0]));
        Assert.Equal(("admin", "on call"), (Text(rows[0], "actor"), Text(rows[0], "reason")));
        Assert.Equal("ada", Text(rows[0].GetProperty("after"), "name"));
        Assert.All(rows.Skip(1), static row => Assert.StartsWith("ada (key_", Text(row, "actor"), StringComparison.Ordinal));
        Assert.All(rows, static row => Assert.StartsWith("node_", Text(row, "node"), StringComparison.Ordinal));
        Assert.Equal("claimed", Text(rows[3].GetProperty("before"), "state"));
        Assert.DoesNotContain(rows, row => row.GetRawText().Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_WhatIsNoTranscript_LeavesNoRow()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.ReviewAsync();
        foreach (var path in new[] { "sessions", "sessions/sesn_1", "events", "reviews", "stats", "me", "audit" })
        {
            await SendAsync(server, "GET", path);
        }

        Assert.Equal(0, (await server.GetAsync("/api/v1/audit")).GetProperty("total").GetInt64());
    }

    [Theory]
    [InlineData("actor=admin", 2)]
    [InlineData("actor=nobody", 0)]
    [InlineData("action=team.create", 2)]
    [InlineData("action=team.create&limit=1", 2)]
    [InlineData("to=2020-01-01T00:00:00Z", 0)]
    public async Task List_Filtered_HasExactTotals(string query, int total)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await MakeTeamAsync(server, "One");
        await MakeTeamAsync(server, "Two");

        Assert.Equal(total, (await server.GetAsync($"/api/v1/audit?{query}")).GetProperty("total").GetInt64());
    }

    [Fact]
    public async Task Export_AnyLog_ChecksOutRowByRowAndEndsWithItself()
    {
        await using var server = await ServerUnderTest.StartAsync();
        for (var i = 0; i < 620; i++)
        {
            await server.Store.AppendAuditAsync(
                new AuditDraft { Actor = $"ada {i}", Action = "team.create", Resource = "team/é\"", After = i % 2 == 0 ? """{"a":"é","n":1}""" : null }, Token);
        }

        using var response = await CallAsync(server, "GET", "audit/export");
        var lines = (await response.Content.ReadAsStringAsync(Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var chain = new AuditChain();
        foreach (var line in lines[..^1])
        {
            Assert.Null(chain.Check(AuditExport.Read(line).Entry!));
        }

        Assert.Null(chain.Finish(AuditExport.Read(lines[^1]).End!.Value));
        Assert.Equal(621, chain.End.Seq);
        using var last = JsonDocument.Parse(lines[^2]);
        Assert.Equal("audit.export", last.RootElement.GetProperty("action").GetString());
    }
}
