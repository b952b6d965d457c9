using ClaudeDrive.Access;
using ClaudeDrive.Audit;
using ClaudeDrive.Sqlite.Rows;
using ClaudeDrive.Sqlite.Writing;

namespace ClaudeDrive.Sqlite;

/// <content>API keys.</content>
internal sealed partial class SqliteDriveStore
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AccessKey>> ListKeysAsync(CancellationToken cancellationToken) => ReadAsync(
        IReadOnlyList<AccessKey> (database) =>
        {
            using var rows = database.Use("ListKeys");
            return PageCut.ReadAll(rows, AccessRows.ReadKey);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AccessResult<AccessKey>> CreateKeyAsync(Deed deed, AccessKey key, CancellationToken cancellationToken) => WriteAsync(
        AccessResult<AccessKey> (scope) =>
        {
            if (key.TeamId is not null && AccessRows.FindTeam(scope.Database, key.TeamId) is null)
            {
                return AccessRefusal.Unknown;
            }

            using (var count = scope.Database.Use("CountKeys"))
            {
                if (PageCut.ReadNumber(count) >= AccessLimits.Keys)
                {
                    return AccessRefusal.TooMany;
                }
            }

            if (InsertKey(scope, deed, key) == 0)
            {
                return AccessRefusal.NameTaken;
            }

            var made = AccessRows.FindKey(scope.Database, key.KeyId)!;
            AuditWriting.Append(scope, AccessAudit.KeyCreated(deed, made));
            return made;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<KeyHolder?> FindKeyAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken) => ReadAsync(
        database =>
        {
            using var find = database.Use("FindKeyByHash").Set("hash", hash.Span);
            if (!find.Step())
            {
                return null;
            }

            var key = AccessRows.ReadKey(find);
            return new KeyHolder(key, key.TeamId is null ? null : AccessRows.FindTeam(database, key.TeamId));
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AccessKey?> RevokeKeyAsync(Deed deed, string keyId, CancellationToken cancellationToken) => WriteAsync(
        scope => AccessRows.FindKey(scope.Database, keyId) is { } key ? key.RevokedAt is null ? Revoke(scope, deed, key) : key : null,
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask NoteKeysUsedAsync(IReadOnlyDictionary<string, DateTimeOffset> usedAt, CancellationToken cancellationToken) => await WriteAsync(
        scope =>
        {
            foreach (var (keyId, at) in usedAt)
            {
                using var note = scope.Database.Use("NoteKeyUsed");
                note.Set("at", at).Set("key_id", keyId).Run();
            }

            return true;
        },
        cancellationToken).ConfigureAwait(false);

    private static int InsertKey(WriteScope scope, Deed deed, AccessKey key)
    {
        using var insert = scope.Database.Use("InsertKey");
        return insert.Set("key_id", key.KeyId)
            .Set("prefix", key.Prefix)
            .Set("hash", key.Hash.Span)
            .Set("name", key.Name)
            .Set("team_id", key.TeamId)
            .Set("role", (long)key.Role)
            .Set("now", scope.Now)
            .Set("created_by", deed.Identity)
            .Set("expires_at", key.ExpiresAt)
            .Run();
    }

    private static List<AccessKey> KeysOf(WriteScope scope, string teamId)
    {
        using var rows = scope.Database.Use("KeysOfTeam").Set("team_id", teamId);
        return PageCut.ReadAll(rows, AccessRows.ReadKey);
    }

    private static AccessKey Revoke(WriteScope scope, Deed deed, AccessKey key)
    {
        using (var revoke = scope.Database.Use("RevokeKey"))
        {
            revoke.Set("now", scope.Now).Set("key_id", key.KeyId).Run();
        }

        var revoked = key with { RevokedAt = scope.Now };
        AuditWriting.Append(scope, AccessAudit.KeyRevoked(deed, revoked));
        return revoked;
    }
}
