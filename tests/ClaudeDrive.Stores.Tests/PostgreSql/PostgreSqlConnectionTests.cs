using ClaudeDrive.Access;
using ClaudeDrive.Chaos.Links;
using ClaudeDrive.Conformance;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql;
using ClaudeDrive.Review;
using Npgsql;
using Xunit;

namespace ClaudeDrive.Stores.Tests.PostgreSql;

/// <summary>What the connections of one store mean to each other.</summary>
public sealed class PostgreSqlConnectionTests : IAsyncLifetime
{
    private readonly PostgreSqlSchemas _schemas = new();
    private PostgreSqlDriveStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = _schemas.Create(null, Coalescing.Default);
        await _store.OpenAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _schemas.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Store_ReadersHoldEveryOtherConnection_DoesNotWaitForThem()
    {
        await using var store = _schemas.CreateAgain(null, Coalescing.Default, configure: options =>
        {
            options.MaxConnections = 4;
            options.CommandTimeout = StoreConformance.Timeout;
        });
        await store.OpenAsync(Token);
        await using var held = await TableLock.TakeAsync(_schemas.Newest, "reviews");
        var lists = Enumerable.Range(0, 6).Select(_ => store.ListReviewsAsync(Sight.Everything, new ReviewFilter { SessionId = "sesn_1" }, new(10), Token).AsTask()).ToList();

        Assert.True(await store.StoreAsync(Given.Arrival("whe_1"), Token).AsTask().WaitAsync(StoreConformance.Timeout, Token));

        Assert.All(lists, static list => Assert.False(list.IsCompletedSuccessfully));
        await held.DisposeAsync();
        await Task.WhenAll(lists);
    }

    [Fact]
    public async Task Call_TheWayIsDead_NoOtherConnectionThatLeadsThereIsUsedAgain()
    {
        var direct = new NpgsqlConnectionStringBuilder(PostgreSqlSchemas.ConnectionString);
        await using var proxy = FaultProxy.Start(direct.Port, seed: 1, TimeProvider.System);
        direct.Port = proxy.Port;
        await using var store = _schemas.CreateAgain(null, Coalescing.Default, configure: options =>
        {
            options.ConnectionString = direct.ConnectionString;
            options.CommandTimeout = TimeSpan.FromSeconds(1);
            options.Listen = false;
        });
        await store.OpenAsync(Token);
        await FillPoolAsync(store);
        proxy.Set(LinkMode.BlackHole);

        await Assert.ThrowsAsync<DriveStoreException>(async () => await store.CheckAsync(Token));

        proxy.Set(LinkMode.Pass);
        var before = proxy.Accepted;
        await store.CheckAsync(Token);
        Assert.Equal(before + 1, proxy.Accepted);
    }

    [Fact]
    public async Task Open_SeveralHosts_UsesTheOneThatIsThere()
    {
        var direct = new NpgsqlConnectionStringBuilder(PostgreSqlSchemas.ConnectionString);
        await using var store = _schemas.CreateAgain(null, Coalescing.Default, configure: options =>
        {
            // Nobody listens on port 1.
            direct.Host = FormattableString.Invariant($"127.0.0.1:1,{direct.Host}:{direct.Port}");
            direct.TargetSessionAttributes = "any";
            options.ConnectionString = direct.ConnectionString;
        });

        await store.OpenAsync(Token);

        Assert.True(await store.StoreAsync(Given.Arrival("whe_1"), Token));
    }

    [Theory]
    [InlineData("default_transaction_isolation=serializable", true, "default_transaction_isolation")]
    [InlineData("default_transaction_read_only=on", false, "only reads")]
    public async Task Open_ServerThatDoesNotFit_IsRefused(string setting, bool isPermanent, string reason)
    {
        await using var store = _schemas.CreateAgain(null, Coalescing.Default, configure: options =>
            options.ConnectionString = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Options = $"-c {setting}" }.ConnectionString);

        var failure = await Assert.ThrowsAsync<DriveStoreException>(async () => await store.OpenAsync(Token));

        Assert.Equal(isPermanent, failure.IsPermanent);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Has several connections opened: as many as calls wait for a table at once.</summary>
    private async Task FillPoolAsync(PostgreSqlDriveStore store)
    {
        await using var held = await TableLock.TakeAsync(_schemas.Newest, "settings");
        var reads = Enumerable.Range(0, 3).Select(i => store.FindSettingAsync($"setting_{i}", Token).AsTask()).ToList();
        await WaitingAsync(3);
        await held.DisposeAsync();
        await Task.WhenAll(reads);
    }

    private async Task WaitingAsync(int count)
    {
        await using var source = NpgsqlDataSource.Create(PostgreSqlSchemas.ConnectionString);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (true)
        {
            await using var waiting = source.CreateCommand(
                $"SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = '{_schemas.Newest}.settings'::regclass");
            if ((long)(await waiting.ExecuteScalarAsync(Token))! >= count)
            {
                return;
            }

            await poll.WaitForNextTickAsync(Token);
        }
    }
}
