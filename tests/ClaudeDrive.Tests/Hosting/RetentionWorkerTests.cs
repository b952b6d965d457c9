using System.Text;
using ClaudeDrive.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Hosting;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Nodes;
using ClaudeDrive.Tests.Fakes;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Xunit;

namespace ClaudeDrive.Tests.Hosting;

public sealed class RetentionWorkerTests : IAsyncDisposable
{
    private const int Old = 1300;

    private readonly StoreFaults _faults = new();
    private readonly ClaudeDriveOptions _options = new();
    private readonly EngineRig _rig;
    private readonly RetentionStatus _status;

    public RetentionWorkerTests()
    {
        _rig = new EngineRig(inner => Conformance.FaultingStore.Wrap(inner, _faults));
        _status = new RetentionStatus(Options.Create(_options));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task RunOnce_ManyOldRows_DeletesThemInStepsAndKeepsTheRest()
    {
        await FillAsync();
        using var worker = Worker();

        var pass = worker.RunOnceAsync(Token);
        await _rig.DriveAsync(pass);

        // Of the deliveries the newest is young too.
        Assert.Equal((Old, Old), ((await pass).Events, (await pass).Deliveries));
        Assert.Equal("whe_young", Assert.Single((await _rig.Inner.ReadEventsAsync(Sight.Everything, 0, 10, Token)).Items).Envelope.EventId);
        Assert.Equal(await pass, _status.Last);
    }

    [Fact]
    public async Task RunOnce_Off_DeletesNothing()
    {
        await FillAsync();
        _options.Retention.Events = null;
        _options.Retention.Deliveries = null;
        using var worker = Worker();

        var pass = await worker.RunOnceAsync(Token);

        Assert.Equal((0, 0), (pass.Events, pass.Deliveries));
        Assert.Equal(Old + 1, ((await _rig.Inner.ReadEventsAsync(Sight.Everything, 0, Old + 10, Token)).Items).Count);
    }

    [Fact]
    public async Task Loop_AnotherNodeHasTheDuty_WaitsUntilItIsSilent()
    {
        await FillAsync();
        var other = NodeIdentity.Create(NodeRoles.All, _rig.Time) with { NodeId = "node_other" };
        await _rig.Inner.HeartbeatAsync(other, Token);
        Assert.True(await _rig.Inner.HoldDutyAsync(Duties.Retention, other.NodeId, Token));
        using var worker = Worker();

        await worker.StartAsync(Token);
        await AdvanceAsync(TimeSpan.FromSeconds(15));
        Assert.Null(_status.Last);
        while (_status.Last is null)
        {
            await AdvanceAsync(TimeSpan.FromSeconds(5));
        }

        await worker.StopAsync(Token);
        Assert.Equal(Old, _status.Last!.Events);
    }

    [Fact]
    public async Task Loop_StoreFails_IsToldAndTriedAgain()
    {
        await FillAsync();
        _faults.Only(nameof(IInboxStore.DeleteFinishedAsync), StoreFault.BeforeCommit);
        using var worker = Worker();

        await worker.StartAsync(Token);
        while (!_rig.Logs.GetSnapshot().Any(static entry => entry.Id.Id == 2151))
        {
            await Task.Yield();
        }

        _faults.All(StoreFault.None);
        while (_status.Last is null)
        {
            await AdvanceAsync(TimeSpan.FromSeconds(5));
        }

        await worker.StopAsync(Token);
        Assert.Equal(Old, _status.Last!.Events);
    }

    private RetentionWorker Worker() => new(_rig.Store, _status, _rig.Context, new FakeLogger<RetentionWorker>(_rig.Logs));

    private async Task AdvanceAsync(TimeSpan time)
    {
        for (var moved = TimeSpan.Zero; moved < time; moved += TimeSpan.FromSeconds(1))
        {
            _rig.Time.Advance(TimeSpan.FromSeconds(1));
            for (var i = 0; i < 20; i++)
            {
                await Task.Yield();
            }
        }
    }

    private async Task FillAsync()
    {
        for (var i = 0; i < Old; i++)
        {
            await StoreAsync($"whe_{i}");
        }

        _rig.Time.Advance(TimeSpan.FromDays(91));
        await StoreAsync("whe_young");
    }

    private async Task StoreAsync(string eventId) => await _rig.Inner.StoreAsync(
        new InboxArrival
        {
            Endpoint = "default",
            Envelope = new WebhookEnvelope { EventId = eventId, EventType = "widget.polished", Dialect = WebhookDialect.Standard },
            Body = Encoding.UTF8.GetBytes("{}"),
            ReceivedAt = _rig.Time.GetUtcNow(),
            Delivery = new DeliveryFacts("192.0.2.1", 2, "sec_1", TimeSpan.Zero),
        },
        Token);
}
