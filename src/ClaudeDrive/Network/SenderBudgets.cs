using System.Security.Cryptography;

namespace ClaudeDrive.Network;

/// <summary>
/// A budget for each sender, in bounded memory however many there are: each has a place, and senders that share one share a budget. There is nothing to
/// evict, so nothing that many addresses could push out. Thread-safe. See ADR 0024.
/// </summary>
/// <param name="perSecond">How many a sender may spend in a second, in the long run.</param>
/// <param name="burst">How many at once.</param>
/// <param name="key">Decides which senders share a place; from <see cref="NewKey"/>, so that nobody can aim at another's.</param>
internal sealed class SenderBudgets(double perSecond, double burst, ulong key)
{
    /// <summary>Places. Chosen: 96 KiB in all, and more than the addresses that a set-up with a mistake in it sends from.</summary>
    public const int Places = 1 << PlaceBits;

    private const int PlaceBits = 12;

    private readonly Lock _gate = new();
    private readonly TokenBucket[] _buckets = new TokenBucket[Places];
    private readonly ulong _key = key | 1;

    /// <summary>A key that nobody can foresee.</summary>
    public static ulong NewKey() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>Spends one of the sender's budget at <paramref name="now"/>, UTC; false when nothing is left of it. Never blocks for long, never throws.</summary>
    public bool Take(SourceGroup sender, DateTimeOffset now)
    {
        // Multiplying by a secret odd number and keeping the upper bits spreads addresses that are alike.
        var place = unchecked((sender.Value ^ (sender.Value >> 29)) * _key) >> (64 - PlaceBits);
        lock (_gate)
        {
            return TokenBucket.Take(ref _buckets[place], perSecond, burst, now);
        }
    }
}
