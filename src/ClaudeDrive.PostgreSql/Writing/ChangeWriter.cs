using System.Threading.Channels;
using ClaudeDrive.Contexts;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.PostgreSql.Connections;
using Npgsql;

namespace ClaudeDrive.PostgreSql.Writing;

/// <summary>
/// Stores what looks found: takes whatever waits, at most <see cref="MaxBatch"/> changes, sends them in one round trip and one transaction, and answers
/// everybody when it is committed. The log of revisions is locked until the commit, so without it changes would be flushed one after another, each
/// alone. One batch is under way at a time and there is no linger.
/// </summary>
internal sealed class ChangeWriter : IAsyncDisposable
{
    /// <summary>Changes in one transaction at most. Chosen: as many as a node looks at side by side, twice over; a batch holds locks until its commit.</summary>
    public const int MaxBatch = 64;

    private readonly PostgreSqlDatabase _database;
    private readonly Func<PendingChange, Statement> _bind;
    private readonly Channel<PendingChange> _queue = Channel.CreateUnbounded<PendingChange>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _loop;

    /// <summary>Starts the loop. <paramref name="bind"/> makes the statement of one change, anew for each try.</summary>
    public ChangeWriter(PostgreSqlDatabase database, Func<PendingChange, Statement> bind)
    {
        _database = database;
        _bind = bind;
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Stores a change; durable when it returns. As many wait at most as there are leases. Throws <see cref="DriveStoreException"/>.</summary>
    public async ValueTask<ApplyOutcome> StoreAsync(PendingChange job, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_queue.Writer.TryWrite(job))
        {
            throw new DriveStoreException("The store is closed.");
        }

        var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((PendingChange)state!).Withdraw(token), job);
        await using (registration.ConfigureAwait(false))
        {
            return await job.Result.ConfigureAwait(false);
        }
    }

    /// <summary>Takes no more and finishes what waits. Safe to call twice.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
    }

    private async Task LoopAsync()
    {
        var jobs = new List<PendingChange>(MaxBatch);
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (jobs.Count < MaxBatch && _queue.Reader.TryRead(out var job))
            {
                if (job.TryTake())
                {
                    jobs.Add(job);
                }
            }

            if (jobs.Count > 0)
            {
                await StoreAsync(jobs).ConfigureAwait(false);
                jobs.Clear();
            }
        }
    }

    private async Task StoreAsync(List<PendingChange> jobs)
    {
        try
        {
            var outcomes = await _database.RunAsync(
                CallKind.Repeat, () => Statements(jobs), reader => ReadAsync(reader, jobs.Count), CancellationToken.None).ConfigureAwait(false);
            for (var i = 0; i < jobs.Count; i++)
            {
                jobs[i].Complete(outcomes[i]);
            }
        }
#pragma warning disable CA1031 // The loop's edge: whatever went wrong is answered to everybody of the batch.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await FailAsync(jobs, e).ConfigureAwait(false);
        }
    }

    // One change whose values the server refuses must not fail its neighbours, now and at every try: then each is sent alone.
    private async Task FailAsync(List<PendingChange> jobs, Exception cause)
    {
        if (jobs.Count > 1 && cause.InnerException is { } inner && PostgreSqlFailure.IsOfData(inner))
        {
            foreach (var job in jobs)
            {
                await StoreAsync([job]).ConfigureAwait(false);
            }

            return;
        }

        foreach (var job in jobs)
        {
            job.Fail(cause);
        }
    }

    /// <summary>
    /// Rows first, then logs, over the whole batch: the first change locks a log, so whatever the others lock must be locked before it, in the order in
    /// which everybody takes it.
    /// </summary>
    private Statement[] Statements(List<PendingChange> jobs)
    {
        var locks = _database.Catalog.Use("LockForChanges")
            .Set("resource_type", jobs.Select(static job => (string?)job.Lease.Resource.Type))
            .Set("resource_id", jobs.Select(static job => (string?)job.Lease.Resource.Id));
        return [locks, .. jobs.Select(_bind)];
    }

    private static async ValueTask<ApplyOutcome[]> ReadAsync(NpgsqlDataReader reader, int count)
    {
        var outcomes = new ApplyOutcome[count];
        for (var i = 0; i < count; i++)
        {
            await reader.NextResultAsync(CancellationToken.None).ConfigureAwait(false);
            await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            outcomes[i] = (ApplyOutcome)reader.GetInt32(0);
        }

        return outcomes;
    }
}
