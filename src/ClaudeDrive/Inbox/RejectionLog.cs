namespace ClaudeDrive.Inbox;

/// <summary>
/// Refused deliveries on their way to the store: each in full up to a rate per endpoint, beyond it as one count per endpoint, outcome and
/// code. Bounded whatever strangers send. Pure but for its lock; safe to use from many threads.
/// </summary>
internal sealed class RejectionLog
{
    /// <summary>Full records per second and endpoint. Chosen: a person can read no more, and a day of it stays below a million rows.</summary>
    public const double RecordsPerSecond = 10;

    /// <summary>Full records in a burst. Chosen: three attempts each of some fifteen events sent with a wrong secret.</summary>
    public const double Burst = 50;

    /// <summary>Full records waiting at most; beyond it they are counted.</summary>
    public const int MaxWaiting = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Endpoint, DeliveryOutcome Outcome, string? Code), DeliveryRecord> _counts = [];
    private List<DeliveryRecord> _full = [];

    /// <summary>Adds one. The endpoint must be a configured one and the code one of few, or the bound does not hold.</summary>
    public void Add(DeliveryRecord record)
    {
        lock (_gate)
        {
            if (_full.Count < MaxWaiting && Take(record.Endpoint, record.ReceivedAt))
            {
                _full.Add(record);
            }
            else
            {
                CountIn(record);
            }
        }
    }

    /// <summary>Takes what waits to be written: full records, and the counts too when <paramref name="withCounts"/>.</summary>
    public IReadOnlyList<DeliveryRecord> Take(bool withCounts)
    {
        lock (_gate)
        {
            var taken = _full;
            _full = [];
            if (withCounts)
            {
                taken.AddRange(_counts.Values);
                _counts.Clear();
            }

            return taken;
        }
    }

    /// <summary>Puts back what could not be written, as counts.</summary>
    public void PutBack(IReadOnlyList<DeliveryRecord> records)
    {
        lock (_gate)
        {
            foreach (var record in records)
            {
                CountIn(record);
            }
        }
    }

    private void CountIn(DeliveryRecord record)
    {
        var key = (record.Endpoint, record.Outcome, record.Code);
        _counts[key] = _counts.TryGetValue(key, out var sum)
            ? sum with { Count = sum.Count + record.Count }
            : record with { EventId = null, Facts = new DeliveryFacts(null, 0, null, TimeSpan.Zero) };
    }

    private bool Take(string endpoint, DateTimeOffset now)
    {
        var bucket = _buckets.TryGetValue(endpoint, out var known) ? known : new Bucket(Burst, now);
        var seconds = Math.Max(0, (now - bucket.At).TotalSeconds);
        var tokens = Math.Min(Burst, bucket.Tokens + (seconds * RecordsPerSecond));
        var taken = tokens >= 1;
        _buckets[endpoint] = new Bucket(taken ? tokens - 1 : tokens, now);
        return taken;
    }

    private readonly record struct Bucket(double Tokens, DateTimeOffset At);
}
