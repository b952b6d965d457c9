using System.Threading.Channels;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql.Connections;

namespace ClaudeDrive.PostgreSql.Writing;

/// <summary>
/// Stores what arrives: takes whatever waits, at most <see cref="MaxBatch"/> events, sends it as one statement, and answers everybody when it is
/// committed. One batch is under way at a time and there is no linger: concurrent callers share a commit, and nobody waits for more than the one
/// under way and the next (performance measurements: a second writer only makes the batches smaller).
/// </summary>
internal sealed class EventWriter : IAsyncDisposable
{
    /// <summary>Events in one transaction at most: bounds the wait for a commit. As the SQLite store's.</summary>
    public const int MaxBatch = 512;

    /// <summary>
    /// Bytes of bodies after which a batch takes no further event: a batch of the largest bodies would be 128 MiB, and hold the log's lock for as long.
    /// Chosen; the bodies that are sent are a few hundred bytes long.
    /// </summary>
    public const int MaxBatchBytes = 4 * 1024 * 1024;

    private readonly PostgreSqlDatabase _database;
    private readonly Coalescing _coalescing;
    private readonly Func<DateTimeOffset?> _now;
    private readonly Action _committed;
    private readonly Channel<PendingEvent> _queue;
    private readonly int _capacity;
    private readonly Task _loop;

    /// <summary>Starts the loop.</summary>
    public EventWriter(PostgreSqlDatabase database, int capacity, Coalescing coalescing, Func<DateTimeOffset?> now, Action committed)
    {
        _database = database;
        _capacity = capacity;
        _coalescing = coalescing;
        _now = now;
        _committed = committed;
        _queue = Channel.CreateBounded<PendingEvent>(new BoundedChannelOptions(capacity) { SingleReader = true });
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Queues an event. Throws <see cref="DriveStoreException"/> at once when the queue is full or the store is closed.</summary>
    public void Enqueue(PendingEvent job)
    {
        if (!_queue.Writer.TryWrite(job))
        {
            throw new DriveStoreException(
                _queue.Reader.Completion.IsCompleted || _database.IsClosed
                    ? "The store is closed."
                    : $"The store has {_capacity} writes waiting and takes no more for now.");
        }
    }

    /// <summary>Takes no more events and finishes those that wait. Safe to call twice.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
    }

    private async Task LoopAsync()
    {
        var jobs = new List<PendingEvent>(MaxBatch);
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            var bytes = 0L;
            while (jobs.Count < MaxBatch && bytes < MaxBatchBytes && _queue.Reader.TryRead(out var job))
            {
                if (job.IsWanted)
                {
                    jobs.Add(job);
                    bytes += job.Body.Length;
                }
            }

            if (jobs.Count > 0)
            {
                await StoreAsync(new EventBatch(jobs)).ConfigureAwait(false);
                jobs.Clear();
            }
        }
    }

    private async Task StoreAsync(EventBatch batch)
    {
        try
        {
            var isNew = await _database.RunAsync(
                CallKind.Repeat,
                () => [batch.Bind(_database.Catalog.Use("StoreEvents"), _now(), _coalescing)],
                static async reader =>
                {
                    await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                    return await reader.GetFieldValueAsync<bool[]>(0, CancellationToken.None).ConfigureAwait(false);
                },
                CancellationToken.None).ConfigureAwait(false);
            _committed();
            batch.Complete(isNew);
        }
#pragma warning disable CA1031 // The loop's edge: whatever went wrong is answered to everybody of the batch.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await FailAsync(batch, e).ConfigureAwait(false);
        }
    }

    // One event whose values the server refuses must not fail its neighbours, now and at every try: then each is sent alone.
    private async Task FailAsync(EventBatch batch, Exception cause)
    {
        if (batch.Count > 1 && cause.InnerException is { } inner && PostgreSqlFailure.IsOfData(inner))
        {
            foreach (var job in batch.Jobs)
            {
                await StoreAsync(new EventBatch([job])).ConfigureAwait(false);
            }

            return;
        }

        foreach (var job in batch.Jobs)
        {
            job.Fail(cause);
        }
    }
}
