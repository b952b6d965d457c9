using ClaudeDrive.Access;
using ClaudeDrive.Chaos.Databases;
using ClaudeDrive.Conformance;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace ClaudeDrive.Stores.Tests.PostgreSql;

/// <summary>A primary that dies and a synchronous standby that takes over: the same store finds it, and nothing acknowledged is missing.</summary>
public sealed class PostgreSqlFailoverTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Failover_StandbyIsPromoted_TheSameStoreGoesOnWithAllThatWasAcknowledged()
    {
        _ = PostgreSqlSchemas.ConnectionString; // Skipped where the others are.
        await using var primary = await PostgresServer.StartAsync(Token);
        await using var standby = await StandbyServer.FollowAsync(primary, Token);
        await WaitForStandbyAsync(primary);
        await using var store = Make(primary, standby);
        await store.OpenAsync(Token);
        for (var number = 0; number < 50; number++)
        {
            Assert.True(await store.StoreAsync(Given.Arrival($"whe_{number}", $"sesn_{number}"), Token));
        }

        var lease = Assert.Single(await store.ClaimAsync(1, TimeSpan.FromMinutes(5), Token));
        await primary.HoldAsync(StopMode.Immediate, Token);
        await Assert.ThrowsAsync<DriveStoreException>(async () => await store.StoreAsync(Given.Arrival("whe_lost"), Token));
        await standby.PromoteAsync(Token);
        await UntilStoresAsync(store);

        var stored = (await store.ReadEventsAsync(Sight.Everything, 0, 1000, Token)).Items;
        Assert.Equal(50, stored.Count);
        Assert.True(await store.RenewAsync(lease, TimeSpan.FromMinutes(5), Token));
        Assert.True(Assert.Single(await store.ClaimAsync(1, TimeSpan.FromMinutes(5), Token)).Token > lease.Token);
    }

    private static PostgreSqlDriveStore Make(PostgresServer primary, StandbyServer standby) => new(
        new PostgreSqlStoreOptions
        {
            ConnectionString = FormattableString.Invariant(
                $"Host=127.0.0.1:{standby.Port},127.0.0.1:{primary.Port};Username=postgres;Database=claudedrive"),
        },
        "node_a",
        Coalescing.Default,
        TimeProvider.System,
        NullLogger<PostgreSqlDriveStore>.Instance);

    /// <summary>From here on a commit is one of both servers.</summary>
    private static async Task WaitForStandbyAsync(PostgresServer primary)
    {
        await using var source = NpgsqlDataSource.Create(
            FormattableString.Invariant($"Host=127.0.0.1;Port={primary.Port};Username=postgres;Database=postgres"));
        foreach (var sql in (string[])["ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()"])
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(Token);
        }

        await PollAsync(async () =>
        {
            await using var command = source.CreateCommand("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'");
            return (long)(await command.ExecuteScalarAsync(Token))! == 1;
        });
    }

    /// <summary>A repeat: it must be known to the new primary.</summary>
    private static Task UntilStoresAsync(PostgreSqlDriveStore store) => PollAsync(async () =>
    {
        try
        {
            await store.CheckAsync(Token);
            Assert.False(await store.StoreAsync(Given.Arrival("whe_0", "sesn_0"), Token));
            return true;
        }
        catch (DriveStoreException e) when (!e.IsPermanent)
        {
            return false;
        }
    });

    private static async Task PollAsync(Func<Task<bool>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(StoreConformance.Timeout);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await isSo())
        {
            await poll.WaitForNextTickAsync(limit.Token);
        }
    }
}
