using System.Collections.Concurrent;
using ClaudeDrive.Access;
using ClaudeDrive.Chaos.Databases;
using ClaudeDrive.Conformance;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace ClaudeDrive.Stores.Tests.PostgreSql;

/// <summary>A server of the tests' own that goes down in the middle of the work and comes back: the same store goes on.</summary>
public sealed class PostgreSqlRestartTests : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private PostgreSqlDriveStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _ = PostgreSqlSchemas.ConnectionString; // Skipped where the others are.
        _server = await PostgresServer.StartAsync(Token);
        _store = Make();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _store.DisposeAsync();
            await _server.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("fast")]
    [InlineData("immediate")]
    public async Task Restart_UnderLoad_NothingAcknowledgedIsLostAndTheSameStoreGoesOn(string mode)
    {
        await _store.OpenAsync(Token);
        ConcurrentBag<string> acknowledged = [];
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var writers = Enumerable.Range(0, 16).Select(writer => WriteAsync(writer, acknowledged, done.Token)).ToArray();
        for (var round = 0; round < 3; round++)
        {
            await UntilAsync(() => acknowledged.Count > (round + 1) * 300);
            await _server.HoldAsync(Enum.Parse<StopMode>(mode, ignoreCase: true), Token);
            await Assert.ThrowsAsync<DriveStoreException>(async () => await _store.CheckAsync(Token));
            await _server.ReleaseAsync(Token);
        }

        var before = acknowledged.Count;
        await UntilAsync(() => acknowledged.Count > before + 300);
        await done.CancelAsync();
        await Task.WhenAll(writers);

        await _store.CheckAsync(Token);
        HashSet<string> stored = new(StringComparer.Ordinal);
        for (long after = 0; (await _store.ReadEventsAsync(Sight.Everything, after, 1000, Token)).Items is { Count: > 0 } events; after = events[^1].Seq)
        {
            stored.UnionWith(events.Select(static e => e.Envelope.EventId));
        }

        Assert.DoesNotContain(acknowledged, id => !stored.Contains(id));
        Assert.NotEmpty(await _store.ClaimAsync(5, TimeSpan.FromSeconds(30), Token));
    }

    [Fact]
    public async Task Open_ServerDown_ThrowsWhatMayPassAndOpensLater()
    {
        await _server.HoldAsync(StopMode.Fast, Token);
        var failure = await Assert.ThrowsAsync<DriveStoreException>(async () => await _store.OpenAsync(Token));
        Assert.False(failure.IsPermanent);
        Assert.DoesNotContain("Host=", failure.ToString(), StringComparison.OrdinalIgnoreCase);

        await _server.ReleaseAsync(Token);
        await _store.OpenAsync(Token);
        Assert.True(await _store.StoreAsync(Given.Arrival("whe_1"), Token));
    }

    [Fact]
    public async Task Notifications_AfterARestart_ComeAgain()
    {
        await _store.OpenAsync(Token);
        await using var other = Make();
        await other.OpenAsync(Token);
        await _server.HoldAsync(StopMode.Immediate, Token);
        await _server.ReleaseAsync(Token);
        for (var number = 0; ; number++)
        {
            var seen = _store.WorkVersion;
            var woken = _store.WaitForWorkAsync(seen, Token);
            await other.StoreAsync(Given.Arrival($"whe_{number}"), Token);
            await woken.WaitAsync(StoreConformance.Timeout, Token);
            if ((await _store.ClaimAsync(5, TimeSpan.FromSeconds(30), Token)).Count > 0)
            {
                return;
            }
        }
    }

    private PostgreSqlDriveStore Make() => new(
        new PostgreSqlStoreOptions
        {
            ConnectionString = FormattableString.Invariant($"Host=127.0.0.1;Port={_server.Port};Username=postgres;Database=claudedrive"),
        },
        "node_a",
        Coalescing.Default,
        TimeProvider.System,
        NullLogger<PostgreSqlDriveStore>.Instance);

    private async Task WriteAsync(int writer, ConcurrentBag<string> acknowledged, CancellationToken done)
    {
        for (var number = 0; !done.IsCancellationRequested; number++)
        {
            var id = $"whe_{writer}_{number}";
            try
            {
                await _store.StoreAsync(Given.Arrival(id, $"sesn_{writer}"), Token);
                acknowledged.Add(id);
            }
            catch (DriveStoreException failure)
            {
                Assert.False(failure.IsPermanent);
                await Task.Yield();
            }
        }
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(StoreConformance.Timeout);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!isSo())
        {
            await poll.WaitForNextTickAsync(limit.Token);
        }
    }
}
