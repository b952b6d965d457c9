using System.Globalization;
using ClaudeDrive.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Inbox;
using ClaudeDrive.Inbox.Spool;
using ClaudeDrive.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClaudeDrive.FaultHost;

/// <summary>
/// Writes as fast as it can until it is killed, and prints a line for each thing that was acknowledged, after that and never before: whatever the reader
/// of its output sees must be there afterwards.
/// </summary>
internal static class WriteStorm
{
    private const int Callers = 16;

    /// <summary>Pages after which the log is copied back: few, so that kills meet checkpoints too.</summary>
    private const int CheckpointPages = 64;

    /// <summary>Segments are small, so that kills meet their beginning and their removal.</summary>
    private const int SegmentBytes = 32 * 1024;

    /// <summary>Resources are due again almost at once: many small changes.</summary>
    private static readonly Coalescing Eager = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5));

    /// <summary>Storms a SQLite store: <c>stored EVENT</c>, <c>applied SESSION NUMBER HASH</c>.</summary>
    public static async Task SqliteAsync(string directory, string life)
    {
        var options = new SqliteStoreOptions { DataDirectory = directory, CheckpointPages = CheckpointPages };
        await using var store = new SqliteDriveStore(options, TimeProvider.System, Eager);
        await store.OpenAsync(CancellationToken.None);
        var callers = Callers;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => CallAsync(
            life,
            caller,
            async (eventId, arrival) =>
            {
                await store.StoreAsync(arrival, CancellationToken.None);
                Print($"stored {eventId}");
            })).Append(ApplyAsync(store)));
    }

    /// <summary>Storms a spool that is drained meanwhile: <c>spooled EVENT</c>; <c>drained EVENT</c> stands for the store's commit.</summary>
    public static async Task SpoolAsync(string directory, string life)
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new SpoolMetrics(services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), TimeProvider.System);
        await using var spool = new DeliverySpool(
            new SpoolSettings { Directory = directory, SegmentBytes = SegmentBytes }, metrics, NullLogger<DeliverySpool>.Instance);
        spool.Open();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => CallAsync(
            life,
            caller,
            async (eventId, arrival) =>
            {
                if (await spool.AppendAsync(arrival, CancellationToken.None) == SpoolOutcome.Written)
                {
                    Print($"spooled {eventId}");
                }
            })).Append(DrainAsync(spool)));
    }

    private static async Task CallAsync(string life, int caller, Func<string, InboxArrival, Task> keep)
    {
        await Task.Yield();
        for (var number = 0; ; number++)
        {
            var eventId = string.Create(CultureInfo.InvariantCulture, $"wevt_{life}_{caller}_{number}");
            await keep(eventId, Given.Arrival(eventId, $"sesn_{number % 7}") with { Body = Given.Body(eventId) });
        }
    }

    private static async Task ApplyAsync(SqliteDriveStore store)
    {
        while (true)
        {
            var seen = store.WorkVersion;
            var leases = await store.ClaimAsync(4, TimeSpan.FromSeconds(30), CancellationToken.None);
            foreach (var lease in leases)
            {
                var change = Given.Change(lease.Resource, await store.FindHeadAsync(Sight.Everything, lease.Resource, CancellationToken.None));
                await store.ApplyAsync(lease, change, CancellationToken.None);
                Print($"applied {lease.Resource.Id} {change.Head.Revision} {change.Head.RevisionHash}");
            }

            if (leases.Count == 0)
            {
                await store.WaitForWorkAsync(seen, CancellationToken.None);
            }
        }
    }

    private static async Task DrainAsync(DeliverySpool spool)
    {
        while (true)
        {
            var seen = spool.Version;
            while (spool.ReadNext() is { } batch)
            {
                // In pieces, as the drain of the server does: a kill then finds a segment that is drained in part.
                for (var count = 1; count <= batch.Arrivals.Count; count++)
                {
                    Print($"drained {batch.Arrivals[count - 1].Arrival.Envelope.EventId}");
                    spool.Advance(batch, count, 1);
                }
            }

            await spool.WaitAsync(seen, CancellationToken.None);
        }
    }

    // One write to the pipe for each line, made before anything else happens on this thread: a kill cannot take it back.
    private static void Print(FormattableString line) => Console.Out.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
