using System.Net;
using System.Text.Json;
using ClaudeDrive.Chaos.Nodes;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;
using Xunit;

namespace ClaudeDrive.Server.Tests.EndToEnd;

/// <summary>The whole program while its store fails, hangs, is not there at the start, and while it is killed in between (invariants 1, 2 and 8).</summary>
public sealed class OutageTests(ITestOutputHelper output)
{
    private const int Kills = 6;

    private static readonly string[] Faults = ["BeforeCommit", "AfterCommit", "Hang"];

    private static readonly string[] Scenarios = ["finishes", "needs_answer", "parallel_blockers", "gives_up"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Outage_UnderLoad_EveryDeliveryIsAnswered200AndAppliedOnce()
    {
        using var limit = Limit();
        await using var storm = await StartAsync(limit.Token);
        using var server = await ServerProcess.StartAsync(storm.Setup, limit.Token);
        foreach (var fault in Faults)
        {
            storm.Begin(Scenarios, 3, 10);
            await storm.AcceptedAsync(30, limit.Token);
            await server.TellAsync(fault, limit.Token);
            storm.Begin(Scenarios, 3, 15);
            await storm.AcceptedAsync(150, limit.Token);
            await server.TellAsync("None", limit.Token);
        }

        await SettleAsync(storm, limit.Token);
        Assert.Empty(storm.Refused);
    }

    [Fact]
    public async Task Start_DuringAnOutage_DeliveriesAreKeptAndAppliedWhenItIsOver()
    {
        using var limit = Limit();
        await using var storm = await StartAsync(limit.Token);
        storm.Use("ClaudeDrive.FaultHost.dll", "BeforeCommit");
        using var server = await ServerProcess.StartAsync(storm.Setup, limit.Token);
        storm.Begin(Scenarios, 3, 10);
        await storm.AcceptedAsync(100, limit.Token);
        await server.TellAsync("None", limit.Token);

        await SettleAsync(storm, limit.Token);
        Assert.Empty(storm.Refused);
    }

    [Fact]
    public async Task Kill_DuringOutages_NothingAcknowledgedIsLost()
    {
        using var limit = Limit();
        await using var storm = await StartAsync(limit.Token);
        var life = 0;
        storm.Trouble = async (server, random, token) =>
        {
            // The kill that follows finds the store failing, or working again with something in the spool, or in the middle of the drain.
            await server.TellAsync(Faults[random.Next(Faults.Length)], token);
            if (life++ % 2 == 0)
            {
                await storm.AcceptedAsync(random.Next(1, 20), token);
                await server.TellAsync("None", token);
            }
        };
        for (var kill = 0; kill < Kills; kill++)
        {
            await storm.LiveAndDieAsync(Scenarios, limit.Token);
        }

        using var server = await ServerProcess.StartAsync(storm.Setup, limit.Token);
        await SettleAsync(storm, limit.Token);
    }

    private static CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        return limit;
    }

    private async Task<CrashStorm> StartAsync(CancellationToken cancellationToken)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var storm = await CrashStorm.StartAsync(seed, cancellationToken);
        storm.Use("ClaudeDrive.FaultHost.dll");

        // A claim whose answer is lost is a lease that nobody works on: the test must not wait out the usual ones.
        storm.Set("ClaudeDrive__Hydration__Lease", "00:00:04");
        storm.Set("ClaudeDrive__Hydration__RequestTimeout", "00:00:04");
        return storm;
    }

    private async Task SettleAsync(CrashStorm storm, CancellationToken cancellationToken)
    {
        using var api = storm.Setup.Client();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await api.GetAsync("healthz/ready", HttpStatusCode.ServiceUnavailable, cancellationToken)).Status != HttpStatusCode.OK)
        {
            await poll.WaitForNextTickAsync(cancellationToken);
        }

        var (ledger, view) = await storm.SettleAsync(api, cancellationToken);
        var spooled = (await api.GetAsync(ApiPath.WithQuery(ApiPath.Of("deliveries"), [new("outcome", "spooled"), new("limit", "1")]), cancellationToken)).Root;
        output.WriteLine(FormattableString.Invariant(
            $"{ledger.Items("sessions").Count} sessions, {view.Events.Count} events, {spooled.Number("total")} deliveries spooled, {storm.Refused.Count} refused"));
        Assert.True(spooled.Number("total") > 0, "nothing was spooled: the test means nothing");
        Assert.Equal(0, view.Stats.Child("spool")!.Value.Number("records"));
        Assert.Empty(Directory.GetFiles(Path.Combine(storm.Setup.DataDirectory, "spool"), "*.spool.*"));
    }
}
