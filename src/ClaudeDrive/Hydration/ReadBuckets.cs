namespace ClaudeDrive.Hydration;

/// <summary>The buckets of a store that only one process opens, in memory. Safe for any number of threads.</summary>
internal sealed class ReadBuckets(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    /// <summary>See <see cref="IReadBudgetStore.TakeReadsAsync"/>.</summary>
    public ReadGrant Take(ReadRequest request)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp(); // Not the wall clock, which may be set.
            if (!_buckets.TryGetValue(request.Bucket, out var bucket))
            {
                _buckets.Add(request.Bucket, bucket = new Bucket { Tokens = request.PerMinute, RefilledAt = now, PausedUntil = now });
            }

            return Take(bucket, request, now);
        }
    }

    private ReadGrant Take(Bucket bucket, ReadRequest request, long now)
    {
        var perSecond = request.PerMinute / 60.0;
        bucket.Tokens = Math.Min(request.PerMinute, bucket.Tokens + (time.GetElapsedTime(bucket.RefilledAt, now).TotalSeconds * perSecond));
        bucket.RefilledAt = now;
        if (request.PauseFor > TimeSpan.Zero)
        {
            bucket.PausedUntil = Math.Max(bucket.PausedUntil, now + (long)(request.PauseFor.TotalSeconds * time.TimestampFrequency));
        }

        if (bucket.PausedUntil > now)
        {
            return new ReadGrant(0, time.GetElapsedTime(now, bucket.PausedUntil));
        }

        var granted = Math.Clamp((int)Math.Floor(bucket.Tokens - request.Reserve), 0, request.Want);
        bucket.Tokens -= granted;
        return new ReadGrant(
            granted,
            granted == request.Want ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Max(0, 1 + request.Reserve - bucket.Tokens) / perSecond));
    }

    private sealed class Bucket
    {
        public double Tokens { get; set; }

        public long RefilledAt { get; set; }

        public long PausedUntil { get; set; }
    }
}
