using System.Collections.Concurrent;
using System.Security.Cryptography;
using ClaudeDrive.Access;
using ClaudeDrive.Diagnostics;

namespace ClaudeDrive.AspNetCore.Access;

/// <summary>
/// Callers by the API keys that were made here. What a key may do is asked of the store anew after <see cref="CacheFor"/>, on every node: a
/// revoked key, a removed grant, a deleted team stop working within a second everywhere.
/// </summary>
internal sealed class KeyCallers(IAccessStore store, BreakGlass glass, KeyUses uses, TimeProvider time) : ICallerSource
{
    /// <summary>How long an answer of the store is used. Half of the second that is promised; the other half is for the way.</summary>
    public static readonly TimeSpan CacheFor = TimeSpan.FromMilliseconds(500);

    /// <summary>Keys remembered at most; beyond that all are asked for anew. Chosen: far more than anybody uses within half a second.</summary>
    private const int MaxCached = 1000;

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>The caller with that key, when it is valid now. Throws <see cref="DriveStoreException"/>.</summary>
    public async ValueTask<Caller?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (!KeyText.IsForm(key))
        {
            return null;
        }

        // The hash of what a stranger sent: how long it takes to find that in an index tells nothing of any key. The comparison is in constant time.
        var hash = KeyText.Hash(key);
        if (await FindAsync(hash, cancellationToken) is not { } known || !CryptographicOperations.FixedTimeEquals(hash, known.Key.Hash.Span))
        {
            return null;
        }

        var now = time.GetUtcNow();
        if (!known.Key.IsValidAt(now))
        {
            return null;
        }

        uses.Note(known.Key.KeyId, now);
        var openings = await glass.FindOpenAsync(known.Key.KeyId, cancellationToken);
        return openings.Count == 0 ? known.Caller : CallerOf(known.Key, known.Team, openings);
    }

    private async ValueTask<Known?> FindAsync(byte[] hash, CancellationToken cancellationToken)
    {
        var name = Convert.ToHexStringLower(hash);
        if (_known.TryGetValue(name, out var cached) && time.GetElapsedTime(cached.At) < CacheFor)
        {
            return cached;
        }

        // Taken before the store is asked: what changed meanwhile must not be remembered longer.
        var at = time.GetTimestamp();
        if (await store.FindKeyAsync(hash, cancellationToken) is not { } holder)
        {
            _known.TryRemove(name, out _);
            return null;
        }

        if (_known.Count >= MaxCached)
        {
            _known.Clear();
        }

        return _known[name] = new Known(at, holder.Key, holder.Team, CallerOf(holder.Key, holder.Team, []));
    }

    private static Caller CallerOf(AccessKey key, Team? team, IReadOnlyList<Opening> openings) => new()
    {
        Name = key.Name,
        Proof = Caller.ApiKeyProof,
        KeyId = key.KeyId,
        ExpiresAt = key.ExpiresAt,
        Teams = team is null ? [] : [team.TeamId],
        Grants = key.GrantsOf(team),
        Openings = openings,
    };

    private sealed record Known(long At, AccessKey Key, Team? Team, Caller Caller);
}
