using ClaudeDrive.Diagnostics;

namespace ClaudeDrive.Access;

/// <summary>
/// Teams, grants and API keys. Instants are UTC by the store's clock. Every method is atomic, durable when it returns, and throws
/// <see cref="DriveStoreException"/> when the store cannot be reached or cannot commit. Every change is written to the audit log in its own
/// transaction; what changes nothing is not. None of these asks what a caller may do: the caller's rule does.
/// </summary>
internal interface IAccessStore
{
    /// <summary>All teams, oldest first, then by id.</summary>
    ValueTask<IReadOnlyList<Team>> ListTeamsAsync(CancellationToken cancellationToken);

    /// <summary>One team; null when unknown.</summary>
    ValueTask<Team?> FindTeamAsync(string teamId, CancellationToken cancellationToken);

    /// <summary>The teams that a person belongs to, oldest first, then by id: what a sign-in makes its caller from.</summary>
    ValueTask<IReadOnlyList<Team>> ListTeamsOfAsync(string subject, CancellationToken cancellationToken);

    /// <summary>Makes a team without members and grants. Refused: <see cref="AccessRefusal.NameTaken"/>, <see cref="AccessRefusal.TooMany"/>.</summary>
    ValueTask<AccessResult<Team>> CreateTeamAsync(Deed deed, string teamId, string name, CancellationToken cancellationToken);

    /// <summary>Removes a team with its members and grants, and revokes its keys. False when unknown.</summary>
    ValueTask<bool> DeleteTeamAsync(Deed deed, string teamId, CancellationToken cancellationToken);

    /// <summary>Adds a member and returns the team. Idempotent. Refused: <see cref="AccessRefusal.Unknown"/>, <see cref="AccessRefusal.TooMany"/>.</summary>
    ValueTask<AccessResult<Team>> AddMemberAsync(Deed deed, string teamId, string subject, CancellationToken cancellationToken);

    /// <summary>Removes a member. False when there is no such member.</summary>
    ValueTask<bool> RemoveMemberAsync(Deed deed, string teamId, string subject, CancellationToken cancellationToken);

    /// <summary>
    /// Adds a grant; returns the one that is there when the team has an equal one. Refused: <see cref="AccessRefusal.Unknown"/>,
    /// <see cref="AccessRefusal.TooMany"/>.
    /// </summary>
    ValueTask<AccessResult<TeamGrant>> AddGrantAsync(Deed deed, string teamId, string grantId, Grant grant, CancellationToken cancellationToken);

    /// <summary>Removes a grant. False when the team has no such grant.</summary>
    ValueTask<bool> RemoveGrantAsync(Deed deed, string teamId, string grantId, CancellationToken cancellationToken);

    /// <summary>All keys, revoked and expired ones included, newest first, then by id.</summary>
    ValueTask<IReadOnlyList<AccessKey>> ListKeysAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores a key; the instants and <see cref="AccessKey.CreatedBy"/> are set by the store. Refused: <see cref="AccessRefusal.Unknown"/> (its team),
    /// <see cref="AccessRefusal.NameTaken"/>, <see cref="AccessRefusal.TooMany"/>.
    /// </summary>
    ValueTask<AccessResult<AccessKey>> CreateKeyAsync(Deed deed, AccessKey key, CancellationToken cancellationToken);

    /// <summary>The key with that hash, valid or not, with its team as it is now; null when unknown.</summary>
    ValueTask<KeyHolder?> FindKeyAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken);

    /// <summary>Revokes a key for good and returns it; null when unknown. Idempotent.</summary>
    ValueTask<AccessKey?> RevokeKeyAsync(Deed deed, string keyId, CancellationToken cancellationToken);

    /// <summary>Notes when keys were used, by key id; never moves a note back. Not audited.</summary>
    ValueTask NoteKeysUsedAsync(IReadOnlyDictionary<string, DateTimeOffset> usedAt, CancellationToken cancellationToken);
}

/// <summary>A key and its team at one moment.</summary>
/// <param name="Key">The key.</param>
/// <param name="Team">Its team; null when it has none, or when that is gone.</param>
internal sealed record KeyHolder(AccessKey Key, Team? Team);
