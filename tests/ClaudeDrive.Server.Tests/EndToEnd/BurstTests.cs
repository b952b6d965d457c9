using System.Text.Json;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Demo;
using ClaudeDrive.Cli.Output;
using Xunit;

namespace ClaudeDrive.Server.Tests.EndToEnd;

/// <summary>What a storm about one session costs the Claude API, counted by the simulator.</summary>
public sealed class BurstTests
{
    [Fact]
    public async Task Burst_FiftyEventsOnOneSession_CostsAtMostFourReads()
    {
        var token = TestContext.Current.CancellationToken;
        using var text = new StringWriter();
        var reporter = new DemoReporter(new Screen(text, colours: false, 200), TimeProvider.System);
        await using var world = await DemoWorld.StartAsync(
            new DemoSettings(0, 0, 5, Once: true), new DemoWatcher(reporter, static (_, _) => ""), TimeProvider.System, token);
        var sessionId = world.Simulator.StartSessions("finishes").Single();
        await SettledAsync(world, 0, token);
        var (events, reads) = await CountAsync(world, sessionId, token);

        world.Simulator.Burst(sessionId, 50);
        await SettledAsync(world, events + 50, token);

        var (eventsAfter, readsAfter) = await CountAsync(world, sessionId, token);
        Assert.Equal(50, eventsAfter - events);
        Assert.InRange(readsAfter - reads, 2, 4);
    }

    // Only the reads of this session: a sweep that happens to run lists sessions on another route.
    private static async Task<(long Events, long Reads)> CountAsync(DemoWorld world, string sessionId, CancellationToken token)
    {
        var list = await world.Api.GetAsync(ApiPath.WithQuery(ApiPath.Of("events"), [new("session_id", sessionId), new("limit", "1")]), token);
        var routes = JsonSerializer.SerializeToElement(world.Simulator.ReadLedger()).Child("api")!.Value.Child("by_route")!.Value;
        return (list.Root.Number("total") ?? 0, (routes.Number("GET /v1/sessions/{id}") ?? 0) + (routes.Number("GET /v1/sessions/{id}/events") ?? 0));
    }

    private static async Task SettledAsync(DemoWorld world, long events, CancellationToken token)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await poll.WaitForNextTickAsync(token))
        {
            await world.Simulator.WaitForQuietAsync(token);
            var stats = (await world.Api.GetAsync(ApiPath.Of("stats"), token)).Root;
            var states = stats.Child("events")!.Value;
            var work = stats.Child("work")!.Value;
            if (states.Number("pending") == 0 && states.Number("total") >= Math.Max(1, events) && work.Number("due") == 0 && work.Number("leased") == 0)
            {
                return;
            }
        }
    }
}
