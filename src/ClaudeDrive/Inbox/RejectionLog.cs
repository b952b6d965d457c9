using ClaudeDrive.Network;

namespace ClaudeDrive.Inbox;

/// <summary>
/// Refused deliveries on their way to the store: each in full up to a rate per sender and a rate per endpoint, beyond either as one count per
/// endpoint, outcome and code. Bounded whatever strangers send, and however many addresses they send it from. A delivery that is taken never comes
/// here; one that is proven but could not be kept has a rate of its own, which no stranger can use up. Pure but for its lock; safe to use from many
/// threads. See ADR 0024.
/// </summary>
internal sealed class RejectionLog
{
    /// <summary>Full records per second and endpoint. Chosen: a person can read no more, and a day of it stays below a million rows.</summary>
    public const double RecordsPerSecond = 10;

    /// <summary>Full records of an endpoint in a burst. Chosen: three attempts each of some fifteen events sent with a wrong secret.</summary>
    public const double Burst = 50;

    /// <summary>Full records per second and sender. Chosen: a fifth of the endpoint's, so that one stranger leaves the rest to others.</summary>
    public const double SenderRecordsPerSecond = 2;

    /// <summary>Full records of a sender in a burst. Chosen: half of the endpoint's, for the same reason.</summary>
    public const double SenderBurst = 25;

    /// <summary>Full records waiting at most; beyond it they are counted.</summary>
    public const int MaxWaiting = 1_000;

    private readonly Lock _gate = new();
    private readonly SenderBudgets _senders;
    private readonly Dictionary<(string Endpoint, bool IsProven), TokenBucket> _endpoints = [];
    private readonly Dictionary<(string Endpoint, DeliveryOutcome Outcome, string? Code), Sum> _counts = [];
    private List<DeliveryRecord> _full = [];

    /// <summary>Makes an empty log whose places nobody can foresee.</summary>
    public RejectionLog()
        : this(SenderBudgets.NewKey())
    {
    }

    /// <summary>Makes an empty log; <paramref name="key"/> decides which senders share a place.</summary>
    internal RejectionLog(ulong key) => _senders = new SenderBudgets(SenderRecordsPerSecond, SenderBurst, key);

    /// <summary>Adds one. The endpoint must be a configured one and the code one of few, or the bound does not hold.</summary>
    public void Add(DeliveryRecord record)
    {
        var sender = SourceGroup.Of(record.Facts.RemoteIp);
        var isProven = record.Facts.SecretId is not null;
        lock (_gate)
        {
            if (_full.Count < MaxWaiting
                && (isProven || _senders.Take(sender, record.ReceivedAt))
                && TakeOfEndpoint((record.Endpoint, isProven), record.ReceivedAt))
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
                taken.AddRange(_counts.Values.Select(static sum => sum.ToRecord()));
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
        if (_counts.TryGetValue(key, out var sum))
        {
            sum.Add(record);
        }
        else
        {
            _counts[key] = new Sum(record);
        }
    }

    private bool TakeOfEndpoint((string Name, bool IsProven) endpoint, DateTimeOffset now)
    {
        var bucket = _endpoints.GetValueOrDefault(endpoint);
        var taken = TokenBucket.Take(ref bucket, RecordsPerSecond, Burst, now);
        _endpoints[endpoint] = bucket;
        return taken;
    }

    /// <summary>Several refusals of one kind. Names their sender as long as it is one.</summary>
    private sealed class Sum(DeliveryRecord first)
    {
        private string? _remoteIp = first.Facts.RemoteIp;
        private long _count = first.Count;

        public void Add(DeliveryRecord record)
        {
            _count += record.Count;
            if (!string.Equals(_remoteIp, record.Facts.RemoteIp, StringComparison.Ordinal))
            {
                _remoteIp = null;
            }
        }

        public DeliveryRecord ToRecord() => first with
        {
            EventId = null,
            Facts = new DeliveryFacts(_remoteIp, 0, null, TimeSpan.Zero),
            Count = (int)Math.Min(int.MaxValue, _count),
        };
    }
}
