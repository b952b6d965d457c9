using System.Text.Json;
using ClaudeDrive.Access;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Server.Tests.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Api;

public sealed class EventTests
{
    private static readonly string[] Fields =
    [
        "event_id", "endpoint", "event_type", "resource_type", "resource_id", "workspace_id", "organization_id", "created_at", "received_at",
        "source", "dialect", "state", "attempts", "deliveries", "applied_revision", "last_error",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_Event_HasEveryFieldOfTheContract()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.ApplyAsync("wevt_1");

        var row = (await server.GetAsync("/api/v1/events")).GetProperty("data")[0];

        Assert.All(Fields, f => Assert.True(row.TryGetProperty(f, out _), f));
        Assert.Equal("applied", row.GetProperty("state").GetString());
        Assert.Equal("webhook", row.GetProperty("source").GetString());
        Assert.Equal("standard", row.GetProperty("dialect").GetString());
        Assert.Equal(1, row.GetProperty("applied_revision").GetInt32());
    }

    [Fact]
    public async Task Show_Delivered_HasPayloadAndTrace()
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.SendAsync(Vectors.V2.Request())).Dispose();
        (await server.SendAsync(Vectors.V2.Request())).Dispose();

        var shown = await server.GetAsync($"/api/v1/events/{Vectors.V2.Id}");

        Assert.Equal("event", shown.GetProperty("payload").GetProperty("type").GetString());
        Assert.Equal(System.Text.Encoding.UTF8.GetString(Vectors.V2.Body), shown.GetProperty("payload_text").GetString());
        var outcomes = shown.GetProperty("trace").GetProperty("deliveries").EnumerateArray().Select(d => d.GetProperty("outcome").GetString());
        Assert.Equal(["duplicate", "accepted"], outcomes);
        Assert.Equal(2, shown.GetProperty("deliveries").GetInt32());
    }

    [Fact]
    public async Task Show_LedToReview_TraceReachesTheAnswer()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var id = await server.ReviewAsync();
        (await server.PostAsync($"/api/v1/reviews/{id}/answer", """{"type":"result","content":"done"}""")).Dispose();

        var trace = (await server.GetAsync("/api/v1/events/wevt_sesn_1")).GetProperty("trace");

        Assert.Equal(1, trace.GetProperty("revision").GetProperty("revision").GetInt32());
        Assert.Equal("req_1", trace.GetProperty("fetches")[0].GetProperty("request_id").GetString());
        Assert.Equal(id, trace.GetProperty("reviews")[0].GetProperty("review_id").GetString());
        Assert.Equal("queued", trace.GetProperty("sends")[0].GetProperty("send_state").GetString());
    }

    [Fact]
    public async Task Replay_Applied_MakesItsResourceDue()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.ApplyAsync("wevt_1");
        server.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await server.Store.ClaimAsync(1, TimeSpan.FromMinutes(1), Token));

        using var response = await server.PostAsync("/api/v1/events/wevt_1/replay", "{}");

        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal(ResourceKey.Session("sesn_1"), Assert.Single(await server.Store.ClaimAsync(9, TimeSpan.FromMinutes(1), Token)).Resource);
    }

    [Fact]
    public async Task Replay_NothingToFetch_Refused()
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.SendAsync(Vectors.V5.Request())).Dispose();
        await Answers.ProblemAsync(await server.PostAsync($"/api/v1/events/{Vectors.V5.Id}/replay", "{}"), 409, "nothing_to_fetch");
    }

    [Fact]
    public async Task Replay_Dead_Retries()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.ParkAsync("wevt_1", "sesn_1");
        using var response = await server.PostAsync("/api/v1/events/wevt_1/replay", "{}");
        Assert.Equal("pending", (await Answers.ReadAsync(response)).GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("%E6%97%A5%E6%9C%AC", "日本")]
    [InlineData("a%20b%3Fc%23d", "a b?c#d")]
    [InlineData("it's", "it's")]
    public async Task Show_StrangeId_IsFound(string path, string id)
    {
        await using var server = await ServerUnderTest.StartAsync(onPort: true);
        await server.EventAsync(id);
        Assert.Equal(id, (await server.GetAsync($"/api/v1/events/{path}")).GetProperty("event_id").GetString());
    }

    [Fact]
    public async Task DeadLetter_RetryAndDiscard_AreSafeToPressTwice()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.ParkAsync("wevt_1", "sesn_1");
        await server.ParkAsync("wevt_2", "sesn_2");
        foreach (var (id, verb, state) in new[] { ("wevt_1", "retry", "pending"), ("wevt_2", "discard", "discarded") })
        {
            for (var i = 0; i < 2; i++)
            {
                using var response = await server.PostAsync($"/api/v1/dead-letters/{id}/{verb}", "{}");
                Assert.Equal(state, (await Answers.ReadAsync(response)).GetProperty("state").GetString());
            }
        }

        Assert.Equal(0, (await server.GetAsync("/api/v1/dead-letters")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task DeadLetter_NotDead_Refused()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.ApplyAsync("wevt_1");
        await Answers.ProblemAsync(await server.PostAsync("/api/v1/dead-letters/wevt_1/retry", "{}"), 409, "not_a_dead_letter");
        await Answers.ProblemAsync(await server.PostAsync("/api/v1/dead-letters/wevt_1/discard", "{}"), 409, "not_a_dead_letter");
        await Answers.ProblemAsync(await server.PostAsync("/api/v1/dead-letters/wevt_9/retry", "{}"), 404, "not_found");
    }

    [Fact]
    public async Task DeadLetters_RetryByFilter_OnlyMatching()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.ParkAsync("wevt_1", "sesn_1");
        await server.ParkAsync("wevt_2", "sesn_2");

        using var response = await server.PostAsync("/api/v1/dead-letters/retry", """{"session_id":"sesn_1"}""");
        using var rest = await server.PostAsync("/api/v1/dead-letters/discard", "{}");

        Assert.Equal(1, (await Answers.ReadAsync(response)).GetProperty("retried").GetInt32());
        Assert.Equal(1, (await Answers.ReadAsync(rest)).GetProperty("discarded").GetInt32());
    }

    [Theory]
    [InlineData("""{"sesion_id":"sesn_1"}""", "sesion_id")]
    [InlineData("""{"session_id":7}""", "session_id")]
    [InlineData("""{"from":"noon"}""", "from")]
    [InlineData("""{"source":"x"}""", "source")]
    [InlineData("""{"state":"applied"}""", "state")]
    public async Task DeadLetters_FilterBad_NothingHappens(string body, string parameter)
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.ParkAsync("wevt_1", "sesn_1");
        var problem = await Answers.ProblemAsync(await server.PostAsync("/api/v1/dead-letters/discard", body), 400, "parameter_invalid");
        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
        var left = await server.Store.ListEventsAsync(Sight.Everything, new EventFilter { State = EventState.Dead }, new PageRequest(1), Token);
        Assert.Equal(1, left.Total);
    }

    [Fact]
    public async Task Deliveries_Row_HasEveryFieldOfTheContract()
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.SendAsync(Vectors.V1.Request())).Dispose();
        var row = (await server.GetAsync("/api/v1/deliveries")).GetProperty("data")[0];
        foreach (var field in new[]
        {
            "delivery_id", "endpoint", "received_at", "outcome", "code", "event_id", "duration_ms", "remote_ip", "body_bytes", "secret_id",
        })
        {
            Assert.True(row.TryGetProperty(field, out _), field);
        }

        Assert.Equal("accepted", row.GetProperty("outcome").GetString());
        Assert.Equal(JsonValueKind.String, row.GetProperty("secret_id").ValueKind);
    }
}
