using ClaudeDrive.Conformance;
using ClaudeDrive.Hosting;
using ClaudeDrive.Inbox;
using ClaudeDrive.Nodes;
using ClaudeDrive.Storage.InMemory;
using ClaudeDrive.Tests.Fakes;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Tests.Hosting;

public sealed class NodeHeartTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = Make.Time();
    private readonly InMemoryDriveStore _store;
    private readonly StoreFaults _faults = new();
    private readonly StoreGate _gate = new();
    private readonly FakeLogCollector _logs = new();
    private readonly NodeIdentity _node;
    private readonly NodeHeart _heart;

    public NodeHeartTests()
    {
        _store = new InMemoryDriveStore(_time, Coalescing.Default);
        _node = NodeIdentity.Create(NodeRoles.Worker, _time);
        _heart = new NodeHeart(Conformance.FaultingStore.Wrap(_store, _faults), _node, _gate, _time, new FakeLogger<NodeHeart>(_logs));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _heart.Dispose();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Run_StoreOpens_BeatsUntilItStopsAndThenLeaves()
    {
        await _heart.StartAsync(Token);
        Assert.Empty(await _store.ListNodesAsync(Token));

        _gate.Open();
        await UntilSeenAsync(_time.GetUtcNow());
        _time.Advance(NodeTimes.HeartbeatEvery);
        await UntilSeenAsync(_time.GetUtcNow());

        await _heart.StopAsync(Token);
        Assert.Empty(await _store.ListNodesAsync(Token));
    }

    [Fact]
    public async Task Beat_StoreFails_IsToldOnceUntilItWorksAgain()
    {
        _faults.All(StoreFault.BeforeCommit);
        await _heart.BeatAsync(Token);
        await _heart.BeatAsync(Token);
        Assert.Single(_logs.GetSnapshot(), static entry => entry.Id.Id == 2131);

        _faults.All(StoreFault.None);
        await _heart.BeatAsync(Token);
        _faults.All(StoreFault.BeforeCommit);
        await _heart.BeatAsync(Token);
        Assert.Equal(2, _logs.GetSnapshot().Count(static entry => entry.Id.Id == 2131));
    }

    [Fact]
    public async Task Stop_StoreFails_StopsAllTheSame()
    {
        _gate.Open();
        await _heart.StartAsync(Token);
        await UntilSeenAsync(_time.GetUtcNow());
        _faults.All(StoreFault.BeforeCommit);

        await _heart.StopAsync(Token);

        Assert.Single(_logs.GetSnapshot(), static entry => entry.Id.Id == 2132);
    }

    [Fact]
    public void Identity_EveryStart_IsAnother() =>
        Assert.NotEqual(_node.NodeId, NodeIdentity.Create(NodeRoles.Worker, _time).NodeId);

    private async Task UntilSeenAsync(DateTimeOffset at)
    {
        while ((await _store.ListNodesAsync(Token)) is not [{ } node] || node.SeenAt != at)
        {
            await Task.Yield();
        }
    }
}
