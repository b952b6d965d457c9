using System.Collections.Concurrent;
using ClaudeDrive.Inbox;

namespace ClaudeDrive.Sqlite.Writing;

/// <summary>Keeps used jobs for the next events. No larger than the writer's queue, which bounds how many are in use.</summary>
internal sealed class StoreJobPool(Coalescing coalescing)
{
    private readonly ConcurrentQueue<StoreJob> _idle = new();

    /// <summary>How bursts are looked at.</summary>
    public Coalescing Coalescing { get; } = coalescing;

    /// <summary>A job for this event.</summary>
    public StoreJob Rent(InboxArrival arrival)
    {
        if (!_idle.TryDequeue(out var job))
        {
            job = new StoreJob(this);
        }

        job.Start(arrival);
        return job;
    }

    /// <summary>Takes a job back that nobody else holds.</summary>
    public void Return(StoreJob job) => _idle.Enqueue(job);
}
