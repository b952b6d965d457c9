using System.Security.Cryptography;
using ClaudeDrive.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.PostgreSql;
using ClaudeDrive.PostgreSql.Writing;
using Npgsql;
using Xunit;

namespace ClaudeDrive.Stores.Tests.PostgreSql;

/// <summary>What shares a commit, and what that means for those who share it.</summary>
public sealed class PostgreSqlWriterTests : IAsyncLifetime
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
    public async Task Store_WhileACommitIsUnderWay_TheNextTakesAllThatCame()
    {
        await StoreTogetherAsync(Enumerable.Range(0, 100).Select(static i => Given.Arrival($"whe_{i}")));

        Assert.Equal(2, await CountCommitsAsync());
    }

    [Fact]
    public async Task Store_LargeBodies_NoCommitIsLargerThanItsBound()
    {
        var body = new byte[EventWriter.MaxBatchBytes / 2];

        await StoreTogetherAsync(Enumerable.Range(0, 8).Select(i => Given.Arrival($"whe_{i}") with { Body = body }));

        Assert.Equal(1 + (8 / 2), await CountCommitsAsync());
        Assert.Equal(body.Length, (await _store.FindEventAsync(Sight.Everything, null, "whe_7", Token))!.Value.Body.Length);
    }

    [Fact]
    public async Task Store_OneEventThatTheServerRefuses_FailsAlone()
    {
        // Longer than a page of an index can hold, and not to be compressed.
        var refused = Given.Arrival("whe_refused", RandomNumberGenerator.GetHexString(20_000));

        var failed = await StoreTogetherAsync([Given.Arrival("whe_1"), refused, Given.Arrival("whe_2"), Given.Arrival("whe_1")]);

        Assert.Equal(["whe_refused"], failed);
        Assert.Equal(2, (await _store.FindEventAsync(Sight.Everything, null, "whe_1", Token))!.Value.Event.Deliveries);
        Assert.NotNull(await _store.FindEventAsync(Sight.Everything, null, "whe_2", Token));
    }

    [Theory]
    [InlineData("nul\0in it")]
    [InlineData("half a pair \uD83D")]
    [InlineData("\uE000private")]
    public async Task Store_TextsThatTheServerCannotHold_ComeBackAsTheyWere(string text)
    {
        var envelope = Given.Envelope(text, text) with { EventType = text, ParentId = text, WorkspaceId = text };

        Assert.True(await _store.StoreAsync(Given.Arrival(envelope) with { Endpoint = text }, Token));
        Assert.False(await _store.StoreAsync(Given.Arrival(envelope) with { Endpoint = text }, Token));

        Assert.Equal(envelope, (await _store.FindEventAsync(Sight.Everything, text, text, Token))!.Value.Event.Envelope);
        Assert.Equal(1, (await _store.ListEventsAsync(Sight.Everything, new EventFilter { ResourceId = text, WorkspaceId = text }, new(5), Token)).Total);
        Assert.Equal(ResourceKey.Session(text), Assert.Single(await _store.ClaimAsync(5, TimeSpan.FromMinutes(1), Token)).Resource);
    }

    [Fact]
    public async Task Store_GivenUpWhileItsCommitIsUnderWay_IsCancelledAndMayBeStored()
    {
        await using var held = await TableLock.TakeAsync(_schemas.Newest, "events");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var body = "{}"u8.ToArray();
        var store = _store.StoreAsync(Given.Arrival("whe_1") with { Body = body }, patience.Token).AsTask();
        await WaitForWriterAsync();

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store);
        body.AsSpan().Clear(); // The memory is the caller's again.
        await held.DisposeAsync();
        Assert.False(await _store.StoreAsync(Given.Arrival("whe_1"), Token));
        Assert.Equal("{}"u8.ToArray(), (await _store.FindEventAsync(Sight.Everything, null, "whe_1", Token))!.Value.Body.ToArray());
    }

    /// <summary>Stores events that wait together for the commit of one before them; the ids of those that failed.</summary>
    private async Task<IReadOnlyList<string>> StoreTogetherAsync(IEnumerable<InboxArrival> arrivals)
    {
        await using var held = await TableLock.TakeAsync(_schemas.Newest, "events");
        var first = _store.StoreAsync(Given.Arrival("whe_before"), Token).AsTask();
        await WaitForWriterAsync();
        var calls = arrivals.Select(arrival => (arrival.Envelope.EventId, Call: _store.StoreAsync(arrival, Token).AsTask())).ToList();
        await held.DisposeAsync();
        await first;
        List<string> failed = [];
        foreach (var (id, call) in calls)
        {
            try
            {
                await call;
            }
            catch (DriveStoreException)
            {
                failed.Add(id);
            }
        }

        return failed;
    }

    private async Task WaitForWriterAsync()
    {
        await using var source = NpgsqlDataSource.Create(PostgreSqlSchemas.ConnectionString);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        do
        {
            await using var waiting = source.CreateCommand(
                $"SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = '{_schemas.Newest}.events'::regclass");
            if ((long)(await waiting.ExecuteScalarAsync(Token))! > 0)
            {
                return;
            }
        }
        while (await poll.WaitForNextTickAsync(Token));
    }

    private async Task<long> CountCommitsAsync()
    {
        await using var source = NpgsqlDataSource.Create(PostgreSqlSchemas.ConnectionString);
        await using var count = source.CreateCommand($"SELECT count(DISTINCT xmin::text) FROM {_schemas.Newest}.events");
        return (long)(await count.ExecuteScalarAsync(Token))!;
    }
}
