namespace ClaudeDrive.Inbox.Spool;

/// <summary>How often, and since when, the store has refused one record while it took other things.</summary>
internal sealed class RefusalCount
{
    /// <summary>Refusals before a record is set aside. Chosen: a store that fails at random does not get there.</summary>
    public const int Enough = 20;

    /// <summary>And how long they must go on. Chosen: a person who is called can still mend the store before.</summary>
    public static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(10);

    private long _seq;
    private int _count;
    private DateTimeOffset _since;

    /// <summary>Counts one refusal; true when the record is to be set aside.</summary>
    public bool Add(long seq, DateTimeOffset now)
    {
        if (seq != _seq)
        {
            (_seq, _count, _since) = (seq, 0, now);
        }

        return ++_count >= Enough && now - _since >= LongEnough;
    }

    /// <summary>Forgets: the store took it, or took nothing at all.</summary>
    public void Clear() => _seq = 0;
}
