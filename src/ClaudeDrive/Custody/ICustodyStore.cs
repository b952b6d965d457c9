using ClaudeDrive.Access;
using ClaudeDrive.Diagnostics;

namespace ClaudeDrive.Custody;

/// <summary>
/// What must be kept and what must go. A hold that <see cref="SetHoldAsync"/> returned is obeyed by every step of every rule that begins later, on every
/// node, and no step that began earlier is still running. Every method throws <see cref="DriveStoreException"/> when the store cannot be reached or cannot
/// commit.
/// </summary>
internal interface ICustodyStore
{
    /// <summary>All holds, oldest first.</summary>
    ValueTask<IReadOnlyList<Hold>> ListHoldsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Sets a hold for <see cref="Deed.Reason"/>, and audits it in the same transaction. The same may be held more than once, for different reasons.
    /// Refused with <see cref="AccessRefusal.TooMany"/> beyond <see cref="CustodyLimits.Holds"/>.
    /// </summary>
    ValueTask<AccessResult<Hold>> SetHoldAsync(Deed deed, string holdId, HoldScope scope, string? target, CancellationToken cancellationToken);

    /// <summary>Lifts a hold and audits it; false when it does not stand.</summary>
    ValueTask<bool> LiftHoldAsync(Deed deed, string holdId, CancellationToken cancellationToken);

    /// <summary>
    /// Drops the content of the deleted session whose deletion is oldest, of those that no hold covers and whose answers have all ended: transcript rows
    /// go; snapshots and patches of its and its threads' revisions become <c>{"content_dropped":true}</c>; inputs, answers and notes of its reviews, bodies of events that the sweep made, and
    /// object, title and metadata of the heads become empty. What stays is the tombstone: ids, states, instants, causes and hashes. At most
    /// <see cref="ContentCut.MaxRows"/> rows a step; the step that finishes a session audits it. Idempotent.
    /// </summary>
    ValueTask<ContentStep> DropContentAsync(ContentCut cut, CancellationToken cancellationToken);
}
