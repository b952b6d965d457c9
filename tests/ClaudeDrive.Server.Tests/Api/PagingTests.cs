using System.Text.Json;
using ClaudeDrive.Inbox;
using ClaudeDrive.Server.Tests.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Api;

/// <summary>Every list pages exactly, and takes only its own cursors.</summary>
public sealed class PagingTests
{
    private const int Rows = 5;

    public static TheoryData<string> Lists =>
    [
        "events", "events?session_id=sesn_1", "sessions", "resources", "reviews", "dead-letters", "deliveries",
        "sessions/sesn_1/timeline", "sessions/sesn_1/revisions", "sessions/sesn_1/transcript",
    ];

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task List_SmallPages_ShowEachRowOnceInTheSameOrder(string list)
    {
        await using var server = await FullAsync();
        var path = $"/api/v1/{list}{(list.Contains('?', StringComparison.Ordinal) ? '&' : '?')}";
        var whole = await server.GetAsync($"{path}limit=200");
        var expected = whole.GetProperty("data").EnumerateArray().Select(r => r.GetRawText()).ToList();
        Assert.True(expected.Count >= Rows, whole.GetRawText());
        Assert.Equal(expected.Count, whole.GetProperty("total").GetInt32());
        Assert.Equal(JsonValueKind.Null, whole.GetProperty("next_cursor").ValueKind);

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await server.GetAsync($"{path}limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            Assert.Equal(expected.Count, page.GetProperty("total").GetInt32());
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(r => r.GetRawText()));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);

        Assert.Equal(expected, seen);
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task List_CursorAlteredOrForeign_CursorInvalid(string list)
    {
        await using var server = await FullAsync();
        var path = $"/api/v1/{list}{(list.Contains('?', StringComparison.Ordinal) ? '&' : '?')}";
        var cursor = (await server.GetAsync($"{path}limit=1")).GetProperty("next_cursor").GetString()!;
        var foreign = list == "events" ? "/api/v1/deliveries?" : "/api/v1/events?";

        foreach (var bad in new[]
        {
            $"{foreign}cursor={cursor}",
            $"{path}cursor={(cursor[0] == 'A' ? 'B' : 'A')}{cursor[1..]}",
            $"{path}cursor={cursor[..^1]}{(cursor[^1] == 'A' ? 'B' : 'A')}",
            $"{path}cursor={cursor}A",
            $"{path}cursor=%00",
            $"{path}cursor={new string('A', 5000)}",
        })
        {
            var problem = await Answers.ProblemAsync(await server.Client.GetAsync(bad, TestContext.Current.CancellationToken), 400, "cursor_invalid");
            Assert.Equal("cursor", problem.GetProperty("parameter").GetString());
        }
    }

    [Fact]
    public async Task List_CursorWithOtherFilters_CursorInvalid()
    {
        await using var server = await FullAsync();
        var cursor = (await server.GetAsync("/api/v1/events?limit=1&session_id=sesn_1")).GetProperty("next_cursor").GetString();
        await Answers.ProblemAsync(
            await server.Client.GetAsync($"/api/v1/events?session_id=sesn_2&cursor={cursor}", TestContext.Current.CancellationToken),
            400,
            "cursor_invalid");
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("limit=&limit=2", "limit")]
    [InlineData("cursor=&cursor=AAAA", "cursor")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("state=gone", "state")]
    [InlineData("state=Dead", "state")]
    [InlineData("state=0", "state")]
    [InlineData("source=nobody", "source")]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=2026-13-01T00:00:00Z", "to")]
    [InlineData("type=a&type=b", "type")]
    [InlineData("type=a%0Ab", "type")]
    public async Task List_ValueBad_NamesTheParameter(string query, string parameter)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var problem = await Answers.ProblemAsync(
            await server.Client.GetAsync($"/api/v1/events?{query}", TestContext.Current.CancellationToken), 400, "parameter_invalid");
        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task List_FilterByTime_FromInclusiveToExclusive()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.EventAsync("wevt_1");
        var at = InstantOf(await server.GetAsync("/api/v1/events"));

        Assert.EndsWith("Z", at, StringComparison.Ordinal);
        Assert.Contains('.', at);
        Assert.Equal(1, (await server.GetAsync($"/api/v1/events?from={at}")).GetProperty("total").GetInt32());
        Assert.Equal(0, (await server.GetAsync($"/api/v1/events?to={at}")).GetProperty("total").GetInt32());
        Assert.Equal(1, (await server.GetAsync("/api/v1/events?from=2025-11-24T17:00:00+01:00")).GetProperty("total").GetInt32());
    }

    private static string InstantOf(JsonElement list) => list.GetProperty("data")[0].GetProperty("received_at").GetString()!;

    private static async Task<ServerUnderTest> FullAsync()
    {
        var server = await ServerUnderTest.StartAsync();
        for (var i = 0; i < Rows; i++)
        {
            await server.ApplyAsync($"wevt_1_{i}");
            await server.ReviewAsync(sessionId: $"sesn_wait_{i}");
            await server.ResourceAsync("agent", $"agent_{i}");
            await server.ParkAsync($"wevt_dead_{i}", $"sesn_dead_{i}");
        }

        return server;
    }
}
