using ClaudeDrive.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql;
using ClaudeDrive.PostgreSql.Writing;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Xunit;

namespace ClaudeDrive.Stores.Tests.PostgreSql;

/// <summary>
/// How many round trips the way of an event costs, counted on the wire: a regression guard that does not look at a clock. Who makes a number larger
/// makes everything slower by the distance to the database, and says why here.
/// </summary>
public sealed class PostgreSqlRoundTripTests : IAsyncLifetime
{
    private const int Events = 200;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly PostgreSqlSchemas _schemas = new();
    private readonly FakeTimeProvider _time = new(Given.Start);
    private RoundTripCounter _wire = null!;
    private PostgreSqlDriveStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var direct = new NpgsqlConnectionStringBuilder(PostgreSqlSchemas.ConnectionString);
        _wire = RoundTripCounter.Start(direct.Port);
        _schemas.Create(_time, Coalescing.Default);
        _store = _schemas.CreateAgain(_time, Coalescing.Default, configure: options =>
        {
            // Encrypted, the wire would tell nothing.
            options.ConnectionString = new NpgsqlConnectionStringBuilder(direct.ConnectionString)
            {
                Port = _wire.Port,
                SslMode = SslMode.Disable,
                GssEncryptionMode = GssEncryptionMode.Disable,
            }.ConnectionString;
            options.Listen = false;
        });
        await _store.OpenAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _wire.DisposeAsync();
        await _schemas.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Store_ManyAtOnce_OneRoundTripForEachBatchAndNothingParsed()
    {
        await WarmUpAsync();

        var (trips, parses) = await CountAsync(() => Task.WhenAll(
            Enumerable.Range(0, Events).Select(i => _store.StoreAsync(Given.Arrival($"wevt_{i}", $"sesn_{i}"), Token).AsTask())));

        // The first batch holds whatever came before the loop woke; what came during it goes with the second or, on a busy machine, a later one.
        Assert.InRange(trips, (Events + EventWriter.MaxBatch - 1) / EventWriter.MaxBatch, Events / 10);
        Assert.Equal(0, parses);
    }

    [Fact]
    public async Task Store_OneAfterAnother_OneRoundTripEach()
    {
        await WarmUpAsync();

        var (trips, parses) = await CountAsync(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                Assert.True(await _store.StoreAsync(Given.Arrival($"wevt_{i}"), Token));
            }
        });

        Assert.Equal((10, 0), (trips, parses));
    }

    [Fact]
    public async Task Claim_ManyDue_OneRoundTrip()
    {
        await WarmUpAsync();
        await Task.WhenAll(Enumerable.Range(0, Events).Select(i => _store.StoreAsync(Given.Arrival($"wevt_{i}", $"sesn_{i}"), Token).AsTask()));

        var (trips, parses) = await CountAsync(async () => Assert.Equal(100, (await _store.ClaimAsync(100, Lease, Token)).Count));

        Assert.Equal((1, 0), (trips, parses));
    }

    [Fact]
    public async Task Apply_OneRevision_OneRoundTrip()
    {
        await WarmUpAsync();
        await _store.StoreAsync(Given.Arrival("wevt_1", "sesn_apply"), Token);
        var lease = Assert.Single(await _store.ClaimAsync(1, Lease, Token));

        var (trips, parses) = await CountAsync(async () =>
            Assert.Equal(ApplyOutcome.Applied, await _store.ApplyAsync(lease, Given.Change(lease.Resource, null), Token)));

        Assert.Equal((1, 0), (trips, parses));
    }

    /// <summary>A statement is prepared at its second use: everything once on the connection, then twice more.</summary>
    private async Task WarmUpAsync()
    {
        for (var i = 0; i < 4; i++)
        {
            await _store.StoreAsync(Given.Arrival($"warm_{i}", "sesn_warm"), Token);
            _time.Advance(TimeSpan.FromMinutes(1));
            var lease = Assert.Single(await _store.ClaimAsync(1, Lease, Token));
            var head = await _store.FindHeadAsync(Sight.Everything, lease.Resource, Token);
            Assert.Equal(ApplyOutcome.Applied, await _store.ApplyAsync(lease, Given.Change(lease.Resource, head), Token));
        }
    }

    private async Task<(long Trips, long Parses)> CountAsync(Func<Task> act)
    {
        var (trips, parses) = (_wire.Trips, _wire.Parses);
        await act();
        return (_wire.Trips - trips, _wire.Parses - parses);
    }
}
