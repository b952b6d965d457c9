using ClaudeDrive.Access;
using ClaudeDrive.Audit;

namespace ClaudeDrive.Storage.InMemory;

/// <content>API keys.</content>
internal sealed partial class InMemoryDriveStore
{
    private readonly Dictionary<string, AccessKey> _keys = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AccessKey>> ListKeysAsync(CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            IReadOnlyList<AccessKey> keys =
                [.. _keys.Values.OrderByDescending(static key => key.CreatedAt).ThenBy(static key => key.KeyId, StringComparer.Ordinal)];
            return ValueTask.FromResult(keys);
        }
    }

    /// <inheritdoc/>
    public ValueTask<AccessResult<AccessKey>> CreateKeyAsync(Deed deed, AccessKey key, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            if (key.TeamId is not null && !_teams.ContainsKey(key.TeamId))
            {
                return ValueTask.FromResult<AccessResult<AccessKey>>(AccessRefusal.Unknown);
            }

            var live = _keys.Values.Where(static known => known.RevokedAt is null).ToList();
            if (live.Exists(known => known.Name == key.Name))
            {
                return ValueTask.FromResult<AccessResult<AccessKey>>(AccessRefusal.NameTaken);
            }

            if (live.Count >= AccessLimits.Keys)
            {
                return ValueTask.FromResult<AccessResult<AccessKey>>(AccessRefusal.TooMany);
            }

            var made = key with
            {
                Hash = key.Hash.ToArray(),
                CreatedAt = time.GetUtcNow(),
                CreatedBy = deed.Identity,
                LastUsedAt = null,
                RevokedAt = null,
            };
            _keys.Add(key.KeyId, made);
            Audit(AccessAudit.KeyCreated(deed, made));
            return ValueTask.FromResult<AccessResult<AccessKey>>(made);
        }
    }

    /// <inheritdoc/>
    public ValueTask<KeyHolder?> FindKeyAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var key = _keys.Values.FirstOrDefault(known => known.Hash.Span.SequenceEqual(hash.Span));
            return ValueTask.FromResult(
                key is null ? null : new KeyHolder(key, key.TeamId is null ? null : _teams.GetValueOrDefault(key.TeamId)));
        }
    }

    /// <inheritdoc/>
    public ValueTask<AccessKey?> RevokeKeyAsync(Deed deed, string keyId, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            return ValueTask.FromResult(_keys.TryGetValue(keyId, out var key) ? key.RevokedAt is null ? Revoke(deed, key) : key : null);
        }
    }

    /// <inheritdoc/>
    public ValueTask NoteKeysUsedAsync(IReadOnlyDictionary<string, DateTimeOffset> usedAt, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            foreach (var (keyId, at) in usedAt)
            {
                if (_keys.TryGetValue(keyId, out var key) && !(key.LastUsedAt >= at))
                {
                    _keys[keyId] = key with { LastUsedAt = at };
                }
            }

            return ValueTask.CompletedTask;
        }
    }

    private AccessKey Revoke(Deed deed, AccessKey key)
    {
        var revoked = key with { RevokedAt = time.GetUtcNow() };
        _keys[key.KeyId] = revoked;
        Audit(AccessAudit.KeyRevoked(deed, revoked));
        return revoked;
    }
}
