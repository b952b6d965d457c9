using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Storage.InMemory;

/// <summary>
/// The work row of one resource, and every rule that moves it. Not thread-safe: the store's lock guards it. A row is, at any moment, one of
/// <em>due</em> (dirty), <em>leased</em> (dirty again when something came during the lease) or <em>cooling</em> (neither: it only remembers the
/// last look, and goes when its time is over).
/// </summary>
internal sealed class WorkRow(ResourceKey resource, long order, WorkLane lane, DateTimeOffset now)
{
    /// <summary>The resource.</summary>
    public ResourceKey Resource { get; } = resource;

    /// <summary>Position of the first arrival: the last criterion of the claim order.</summary>
    public long Order { get; } = order;

    /// <summary>See <see cref="WebhookEnvelope.ParentId"/>.</summary>
    public string? ParentId { get; set; }

    /// <summary>The most urgent lane asked for since the row was last looked at.</summary>
    public WorkLane Lane { get; private set; } = lane;

    /// <summary>When it is due, or when cooling ends.</summary>
    public DateTimeOffset DueAt { get; private set; } = now;

    /// <summary>True when something asks for a look that no claim has taken yet.</summary>
    public bool Dirty { get; private set; } = true;

    /// <summary>Token of the newest lease; 0 before the first.</summary>
    public long Token { get; private set; }

    /// <summary>End of the lease; null when there is none.</summary>
    public DateTimeOffset? LeaseEnds { get; private set; }

    /// <summary>Failed attempts since the last success.</summary>
    public int Attempts { get; private set; }

    /// <summary>When the last look was completed; null for a fresh row and while waiting out a failure, when events do not move the due time.</summary>
    public DateTimeOffset? LookedAt { get; private set; }

    /// <summary>The instant that the claim order uses.</summary>
    public DateTimeOffset DueSince => LeaseEnds ?? DueAt;

    /// <summary>True when a claim may take it.</summary>
    public bool IsClaimable(DateTimeOffset now) => LeaseEnds is { } ends ? ends <= now : Dirty && DueAt <= now;

    /// <summary>True when somebody works on it.</summary>
    public bool IsLeased(DateTimeOffset now) => LeaseEnds > now;

    /// <summary>True when it only cooled and its time is over.</summary>
    public bool IsSpent(DateTimeOffset now) => LeaseEnds is null && !Dirty && DueAt <= now;

    /// <summary>An event came.</summary>
    public void Mark(DateTimeOffset now, WorkLane lane, Coalescing coalescing)
    {
        Raise(lane);
        if (LeaseEnds is null && LookedAt is { } looked)
        {
            DueAt = Later(now, Earlier(now + coalescing.Quiet, looked + coalescing.MaxWait));
        }

        Dirty = true;
    }

    /// <summary>Somebody asked for a look now.</summary>
    public void Request(DateTimeOffset now, WorkLane lane)
    {
        Raise(lane);
        if (LeaseEnds is null)
        {
            DueAt = Dirty ? Earlier(DueAt, now) : now;
        }

        Dirty = true;
    }

    /// <summary>A person retried its dead letters: failures before do not count.</summary>
    public void ForgetAttempts() => Attempts = 0;

    /// <summary>A claim takes it.</summary>
    public void Lease(long token, DateTimeOffset until)
    {
        Token = token;
        LeaseEnds = until;
        Dirty = false;
    }

    /// <summary>The holder goes on.</summary>
    public void Renew(DateTimeOffset until) => LeaseEnds = until;

    /// <summary>Given back untouched.</summary>
    public void Release(DateTimeOffset now)
    {
        LeaseEnds = null;
        Dirty = true;
        DueAt = now;
    }

    /// <summary>Due again after a failure (which counts) or after being told to wait (which does not).</summary>
    public void Postpone(DateTimeOffset until, bool countAttempt)
    {
        LeaseEnds = null;
        LookedAt = null;
        Dirty = true;
        DueAt = until;
        Attempts += countAttempt ? 1 : 0;
    }

    /// <summary>The look was completed.</summary>
    public void Complete(DateTimeOffset now, TimeSpan? lookAgainAfter, Coalescing coalescing)
    {
        LeaseEnds = null;
        LookedAt = now;
        Attempts = 0;
        DueAt = now + coalescing.Quiet;
        if (Dirty)
        {
            DueAt = Earlier(DueAt, now + coalescing.MaxWait);
        }

        if (lookAgainAfter is { } delay)
        {
            DueAt = Dirty ? Earlier(DueAt, now + delay) : now + delay;
            Dirty = true;
        }
    }

    private void Raise(WorkLane lane)
    {
        var cooling = LeaseEnds is null && !Dirty;
        Lane = cooling || lane < Lane ? lane : Lane;
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
