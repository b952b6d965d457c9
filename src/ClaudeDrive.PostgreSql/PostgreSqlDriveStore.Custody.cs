using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Custody;
using ClaudeDrive.PostgreSql.Connections;

namespace ClaudeDrive.PostgreSql;

/// <content>Holds, and dropping the content of deleted sessions. An advisory lock puts whoever changes holds behind the steps that run.</content>
internal sealed partial class PostgreSqlDriveStore
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Hold>> ListHoldsAsync(CancellationToken cancellationToken) => TransactAsync<IReadOnlyList<Hold>>(
        async work => await work.ReadAllAsync(Use("ListHolds"), ReadHold).ConfigureAwait(false), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AccessResult<Hold>> SetHoldAsync(
        Deed deed, string holdId, HoldScope scope, string? target, CancellationToken cancellationToken) => TransactAsync<AccessResult<Hold>>(
        async work =>
        {
            await LockHoldsAsync(work, toChange: true).ConfigureAwait(false);
            if (await work.ReadFirstAsync(Use("CountHolds"), static row => row.Int64()).ConfigureAwait(false) >= CustodyLimits.Holds)
            {
                return AccessRefusal.TooMany;
            }

            var insert = Use("InsertHold")
                .Set("now", Now)
                .Set("hold_id", holdId)
                .Set("scope", (int?)scope)
                .Set("target", target)
                .Set("reason", deed.Reason ?? "")
                .Set("set_by", deed.Identity);
            var hold = await work.ReadFirstAsync(insert, ReadHold).ConfigureAwait(false);
            await AuditAsync(work, CustodyAudit.HoldSet(deed, hold!)).ConfigureAwait(false);
            return hold!;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> LiftHoldAsync(Deed deed, string holdId, CancellationToken cancellationToken) => TransactAsync(
        async work =>
        {
            await LockHoldsAsync(work, toChange: true).ConfigureAwait(false);
            if (await work.ReadFirstAsync(Use("FindHold").Set("hold_id", holdId), ReadHold).ConfigureAwait(false) is not { } hold)
            {
                return false;
            }

            await work.RunAsync(Use("DeleteHold").Set("hold_id", holdId)).ConfigureAwait(false);
            await AuditAsync(work, CustodyAudit.HoldLifted(deed, hold)).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ContentStep> DropContentAsync(ContentCut cut, CancellationToken cancellationToken) => TransactAsync(
        async work =>
        {
            await LockHoldsAsync(work, toChange: false).ConfigureAwait(false);
            var next = SetWorkspaces(Use("NextToDrop").Set("now", Now).Set("keep", cut.KeepFor), cut.Workspaces);
            var (sessionId, revision, hash) = await work.ReadFirstAsync(
                next, static row => ((string?)row.Text(), row.Int32(), row.Text())).ConfigureAwait(false);
            return sessionId is null
                ? new ContentStep(0, null, IsLast: true)
                : await DropContentAsync(work, cut, sessionId, revision, hash).ConfigureAwait(false);
        },
        cancellationToken);

    private async ValueTask<ContentStep> DropContentAsync(PostgreSqlTransaction work, ContentCut cut, string sessionId, int revision, string hash)
    {
        var rows = await CountAsync(work, Use("DropSearch").Set("session_id", sessionId).Set("limit", (int?)cut.MaxRows)).ConfigureAwait(false);
        var transcript = Use("DropTranscript").Set("session_id", sessionId).Set("limit", (int?)(cut.MaxRows - rows));
        rows += await CountAsync(work, transcript).ConfigureAwait(false);
        if (rows >= cut.MaxRows)
        {
            return new ContentStep(rows, null, IsLast: false);
        }

        var room = Math.Min(cut.MaxRevisions, cut.MaxRows - rows);
        var revisions = Use("DropRevisions")
            .Set("session_id", sessionId)
            .Set("snapshot", (ReadOnlyMemory<byte>?)DroppedContent.Snapshot)
            .Set("patch", DroppedContent.Patch)
            .Set("limit", (int?)room);
        var dropped = await CountAsync(work, revisions).ConfigureAwait(false);
        if (dropped >= room)
        {
            return new ContentStep(rows + dropped, null, IsLast: false);
        }

        var finish = Use("FinishDropping").Set("session_id", sessionId).Set("now", Now).Set("snapshot", (ReadOnlyMemory<byte>?)DroppedContent.Snapshot);
        rows += dropped + await CountAsync(work, finish).ConfigureAwait(false);
        await AuditAsync(work, CustodyAudit.ContentDropped(sessionId, revision, hash)).ConfigureAwait(false);
        return new ContentStep(rows, sessionId, IsLast: false);
    }

    private ValueTask LockHoldsAsync(PostgreSqlTransaction work, bool toChange) => work.RunAsync(Use("LockHolds").Set("to_change", toChange));

    private static ValueTask<int> CountAsync(PostgreSqlTransaction work, Statement drop) => work.ReadFirstAsync(drop, static row => row.Int32());

    private static Hold ReadHold(Row row) => new()
    {
        HoldId = row.Text(),
        Scope = (HoldScope)row.Int32(),
        Target = row.TextOrNull(),
        Reason = row.Text(),
        SetBy = row.Text(),
        SetAt = row.Instant(),
    };
}
