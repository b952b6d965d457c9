using ClaudeDrive.Network;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>
/// Those who take something up and have proven nothing yet. A newcomer is never refused: when there are too many, the oldest of the sender with most of
/// them has to leave (of several such senders, the oldest of all), so that whoever proves itself soon gets through however many do not. Safe to use from many threads. Adding costs the same however
/// many there are; making somebody leave costs a look at every sender. See ADR 0024.
/// </summary>
internal sealed class Crowd
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SourceGroup, LinkedList<Member>> _senders = [];
    private int _count;
    private long _entered;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>
    /// Adds one of <paramref name="sender"/>. When there are more than <paramref name="most"/> then, calls <paramref name="leave"/> of another one, on this
    /// thread; it must not block or throw. Dispose what comes back when this one is proven or gone; twice does no harm.
    /// </summary>
    public IDisposable Enter(SourceGroup sender, int most, Action leave)
    {
        Member member;
        Member? oldest = null;
        lock (_gate)
        {
            member = new Member(this, sender, leave, ++_entered);
            if (!_senders.TryGetValue(sender, out var members))
            {
                _senders[sender] = members = [];
            }

            members.AddLast(member.Place);
            if (++_count > most)
            {
                oldest = _senders.Values.MaxBy(static list => (list.Count, -list.First!.Value.Number))!.First!.Value;
                Remove(oldest);
            }
        }

        oldest?.Leave();
        return member;
    }

    private void Remove(Member member)
    {
        if (member.Place.List is { } members)
        {
            members.Remove(member.Place);
            _count--;
            if (members.Count == 0)
            {
                _senders.Remove(member.Sender);
            }
        }
    }

    private sealed class Member : IDisposable
    {
        private readonly Crowd _crowd;

        public Member(Crowd crowd, SourceGroup sender, Action leave, long number)
        {
            (_crowd, Sender, Leave, Number) = (crowd, sender, leave, number);
            Place = new LinkedListNode<Member>(this);
        }

        public SourceGroup Sender { get; }

        public Action Leave { get; }

        /// <summary>The order of coming.</summary>
        public long Number { get; }

        public LinkedListNode<Member> Place { get; }

        public void Dispose()
        {
            lock (_crowd._gate)
            {
                _crowd.Remove(this);
            }
        }
    }
}
