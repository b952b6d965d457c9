using ClaudeDrive.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Custody;
using ClaudeDrive.Hosting;
using ClaudeDrive.Inbox;
using ClaudeDrive.Tests.Fakes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Xunit;

namespace ClaudeDrive.Tests.Hosting;

public sealed class ContentWorkerTests : IAsyncDisposable
{
    private readonly StoreFaults _faults = new();
    private readonly ClaudeDriveOptions _options = new();
    private readonly EngineRig _rig;

    public ContentWorkerTests() => _rig = new EngineRig(inner => Conformance.FaultingStore.Wrap(inner, _faults));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task RunOnce_Off_DropsNothing()
    {
        await DeleteAsync();
        _rig.Time.Advance(TimeSpan.FromDays(10_000));
        using var worker = Worker();
        Assert.Equal(0, await worker.RunOnceAsync(Token));
        Assert.NotEqual(0, await EntriesAsync());
    }

    [Fact]
    public async Task Loop_AtOnce_DropsWithinAMinuteAndTells()
    {
        await DeleteAsync();
        _options.Retention.DeletedSessions = TimeSpan.Zero;
        using var worker = Worker();
        await worker.StartAsync(Token);
        while (await EntriesAsync() > 0 || !_rig.Logs.GetSnapshot().Any(static entry => entry.Id.Id == 2152))
        {
            _rig.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await worker.StopAsync(Token);
        Assert.True(ContentWorker.Interval <= TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Loop_StoreFails_IsToldAndTriedAgain()
    {
        await DeleteAsync();
        _options.Retention.DeletedSessions = TimeSpan.Zero;
        _faults.Only(nameof(ICustodyStore.DropContentAsync), StoreFault.BeforeCommit);
        using var worker = Worker();
        await worker.StartAsync(Token);
        while (!_rig.Logs.GetSnapshot().Any(static entry => entry.Id.Id == 2153))
        {
            await Task.Yield();
        }

        _faults.All(StoreFault.None);
        while (await EntriesAsync() > 0)
        {
            _rig.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await worker.StopAsync(Token);
    }

    [Fact]
    public void Read_Workspaces_AreReadAndUnknownKeysTold()
    {
        var options = Read(new()
        {
            ["ClaudeDrive:Retention:DeletedSessions"] = "30.00:00:00",
            ["ClaudeDrive:Retention:Workspaces:w1:Events"] = "10.00:00:00",
            ["ClaudeDrive:Retention:Workspaces:w1:DeletedSessions"] = "off",
            ["ClaudeDrive:Retention:Workspaces:w2:Event"] = "10.00:00:00",
            ["ClaudeDrive:Retention:Workspaces:w3:Events"] = "long",
        });
        Assert.Equal(TimeSpan.FromDays(30), options.Retention.DeletedSessions);
        Assert.Equal([("w1", TimeSpan.FromDays(10))], options.Retention.EventsByWorkspace.Select(static pair => (pair.Key, pair.Value)));
        Assert.Equal([("w1", TimeSpan.MaxValue)], options.Retention.DeletedSessionsByWorkspace.Select(static pair => (pair.Key, pair.Value)));
        Assert.Equal(
            [
                "ClaudeDrive:Retention:Workspaces:w2:Event: is not known; expected Events or DeletedSessions.",
                "ClaudeDrive:Retention:Workspaces:w3:Events: must be a duration such as 90.00:00:00, or off.",
            ],
            options.Unreadable);
    }

    [Theory]
    [InlineData("00:30:00", null, "Events")]
    [InlineData("40000.00:00:00", null, "Events")]
    [InlineData(null, "-00:00:01", "DeletedSessions")]
    public void Validate_WorkspaceOutOfRange_NamesItsKey(string? events, string? sessions, string key)
    {
        var options = new ClaudeDriveOptions();
        options.Hydration.ApiKey = "sk-test";
        options.Retention.Workspaces["w1"] = new WorkspaceRetention
        {
            Events = events is null ? null : TimeSpan.Parse(events, System.Globalization.CultureInfo.InvariantCulture),
            DeletedSessions = sessions is null ? null : TimeSpan.Parse(sessions, System.Globalization.CultureInfo.InvariantCulture),
        };
        Assert.StartsWith(
            $"ClaudeDrive:Retention:Workspaces:w1:{key}: ", Assert.Single(new ClaudeDriveOptionsValidator().Validate(null, options).Failures!), StringComparison.Ordinal);
    }

    private static ClaudeDriveOptions Read(Dictionary<string, string?> values)
    {
        var options = new ClaudeDriveOptions();
        new ClaudeDriveOptionsSetup(new ConfigurationBuilder().AddInMemoryCollection(values).Build()).Configure(options);
        return options;
    }

    private ContentWorker Worker() =>
        new(_rig.Store, new RetentionStatus(Options.Create(_options)), _rig.Context, new FakeLogger<ContentWorker>(_rig.Logs));

    private async Task DeleteAsync()
    {
        _rig.Claude.Session().Run();
        await _rig.ArriveAsync("wevt_1");
        await _rig.SettleAsync();
        await _rig.ArriveAsync("wevt_2", isDeletion: true);
        await _rig.SettleAsync();
        Assert.Equal("deleted", (await _rig.HeadAsync())!.Status);
        Assert.NotEqual(0, await EntriesAsync());
    }

    private async Task<long> EntriesAsync() => (await _rig.Inner.ListTranscriptAsync(Sight.Everything, "sesn_1", new PageRequest(5), Token)).Total;
}
