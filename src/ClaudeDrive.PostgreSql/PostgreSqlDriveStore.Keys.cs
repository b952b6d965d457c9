using ClaudeDrive.Access;
using ClaudeDrive.Audit;
using ClaudeDrive.PostgreSql.Connections;
using ClaudeDrive.PostgreSql.Rows;

namespace ClaudeDrive.PostgreSql;

/// <content>API keys.</content>
internal sealed partial class PostgreSqlDriveStore
{
    private static readonly string[] HolderParts = ["FindKeyByHash", "TeamsByKeyHash", "MembersByKeyHash", "GrantsByKeyHash"];

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AccessKey>> ListKeysAsync(CancellationToken cancellationToken) =>
        AllAsync(CallKind.Read, static use => use("ListKeys"), AccessRows.ReadKey, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AccessResult<AccessKey>> CreateKeyAsync(Deed deed, AccessKey key, CancellationToken cancellationToken) =>
        ChangeAccessAsync<AccessResult<AccessKey>>(
            async work =>
            {
                if (key.TeamId is not null && await FindTeamAsync(work, key.TeamId).ConfigureAwait(false) is null)
                {
                    return AccessRefusal.Unknown;
                }

                var (live, same) = await work.ReadFirstAsync(Use("CountKeys").Set("name", key.Name), static row => (row.Int64(), row.Int64())).ConfigureAwait(false);
                if (same > 0)
                {
                    return AccessRefusal.NameTaken;
                }

                if (live >= AccessLimits.Keys)
                {
                    return AccessRefusal.TooMany;
                }

                var made = await work.ReadFirstAsync(BindKey(Use("InsertKey"), deed, key), AccessRows.ReadKey).ConfigureAwait(false);
                await AuditAsync(work, AccessAudit.KeyCreated(deed, made!)).ConfigureAwait(false);
                return made!;
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<KeyHolder?> FindKeyAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken) => Calls.RunAsync(
        CallKind.Read,
        () => Array.ConvertAll(HolderParts, name => Use(name).Set("hash", (ReadOnlyMemory<byte>?)hash)),
        ReadHolderAsync,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AccessKey?> RevokeKeyAsync(Deed deed, string keyId, CancellationToken cancellationToken) => ChangeAccessAsync(
        async work => await RevokeAsync(work, deed, keyId).ConfigureAwait(false)
            ?? await work.ReadFirstAsync(Use("FindKey").Set("key_id", keyId), AccessRows.ReadKey).ConfigureAwait(false),
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask NoteKeysUsedAsync(IReadOnlyDictionary<string, DateTimeOffset> usedAt, CancellationToken cancellationToken) => await RunAsync(
        CallKind.Repeat,
        use => use("NoteKeysUsed")
            .Set("key_ids", usedAt.Keys.Select(static id => (string?)id))
            .Set("at", usedAt.Values.Select(static at => (long?)at.UtcTicks)),
        cancellationToken).ConfigureAwait(false);

    /// <summary>Revokes a key that is not; null when it is, or unknown.</summary>
    private async ValueTask<AccessKey?> RevokeAsync(PostgreSqlTransaction work, Deed deed, string keyId)
    {
        var revoked = await work.ReadFirstAsync(Use("RevokeKey").Set("now", Now).Set("key_id", keyId), AccessRows.ReadKey).ConfigureAwait(false);
        if (revoked is not null)
        {
            await AuditAsync(work, AccessAudit.KeyRevoked(deed, revoked)).ConfigureAwait(false);
        }

        return revoked;
    }

    private Statement BindKey(Statement insert, Deed deed, AccessKey key) => insert
        .Set("now", Now)
        .Set("key_id", key.KeyId)
        .Set("prefix", key.Prefix)
        .Set("hash", (ReadOnlyMemory<byte>?)key.Hash)
        .Set("name", key.Name)
        .Set("team_id", key.TeamId)
        .Set("role", (int?)key.Role)
        .Set("created_by", deed.Identity)
        .Set("expires_at", key.ExpiresAt);

    private static async ValueTask<KeyHolder?> ReadHolderAsync(Npgsql.NpgsqlDataReader reader)
    {
        var keys = await NextAsync(reader, AccessRows.ReadKey).ConfigureAwait(false);
        var teams = await NextAsync(reader, AccessRows.ReadTeam).ConfigureAwait(false);
        var members = await NextAsync(reader, AccessRows.ReadMember).ConfigureAwait(false);
        var grants = await NextAsync(reader, AccessRows.ReadGrant).ConfigureAwait(false);
        return keys.Count == 0 ? null : new KeyHolder(keys[0], AccessRows.Join(teams, members, grants).FirstOrDefault());
    }

    /// <summary>The rows of the current result; then the next result.</summary>
    private static async ValueTask<List<T>> NextAsync<T>(Npgsql.NpgsqlDataReader reader, Func<Row, T> read)
    {
        var rows = await PostgreSqlDatabase.ReadAllAsync(reader, read).ConfigureAwait(false);
        await reader.NextResultAsync(CancellationToken.None).ConfigureAwait(false);
        return rows;
    }
}
