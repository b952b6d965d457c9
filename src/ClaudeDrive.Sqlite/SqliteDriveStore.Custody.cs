using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Custody;
using ClaudeDrive.Ingest;
using ClaudeDrive.Sqlite.Connections;
using ClaudeDrive.Sqlite.Rows;
using ClaudeDrive.Sqlite.Writing;

namespace ClaudeDrive.Sqlite;

/// <content>Holds, and dropping the content of deleted sessions. The one writer puts holds and steps in line.</content>
internal sealed partial class SqliteDriveStore
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Hold>> ListHoldsAsync(CancellationToken cancellationToken) => ReadAsync(
        IReadOnlyList<Hold> (database) =>
        {
            using var rows = database.Use("ListHolds");
            return PageCut.ReadAll(rows, ReadHold);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AccessResult<Hold>> SetHoldAsync(
        Deed deed, string holdId, HoldScope scope, string? target, CancellationToken cancellationToken) => WriteAsync(
        AccessResult<Hold> (write) =>
        {
            using (var count = write.Database.Use("CountHolds"))
            {
                if (PageCut.ReadNumber(count) >= CustodyLimits.Holds)
                {
                    return AccessRefusal.TooMany;
                }
            }

            using (var insert = write.Database.Use("InsertHold"))
            {
                insert.Set("hold_id", holdId)
                    .Set("scope", (long)scope)
                    .Set("target", target)
                    .Set("reason", deed.Reason ?? "")
                    .Set("set_by", deed.Identity)
                    .Set("now", write.Now)
                    .Run();
            }

            var hold = FindHold(write.Database, holdId)!;
            AuditWriting.Append(write, CustodyAudit.HoldSet(deed, hold));
            return hold;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> LiftHoldAsync(Deed deed, string holdId, CancellationToken cancellationToken) => WriteAsync(
        scope =>
        {
            if (FindHold(scope.Database, holdId) is not { } hold)
            {
                return false;
            }

            using var delete = scope.Database.Use("DeleteHold");
            delete.Set("hold_id", holdId).Run();
            AuditWriting.Append(scope, CustodyAudit.HoldLifted(deed, hold));
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ContentStep> DropContentAsync(ContentCut cut, CancellationToken cancellationToken) => WriteAsync(
        scope =>
        {
            var (sessionId, revision, hash) = NextToDrop(scope, cut);
            return sessionId is null ? new ContentStep(0, null, IsLast: true) : DropContent(scope, cut, sessionId, revision, hash);
        },
        cancellationToken);

    private static (string? SessionId, int Revision, string Hash) NextToDrop(WriteScope scope, ContentCut cut)
    {
        using var next = scope.Database.Use("NextToDrop")
            .Set("before", Before(scope, cut.KeepFor)).Set("workspaces", BeforeByWorkspace(scope, cut.Workspaces));
        return next.Step() ? (next.Text(), next.Int32(), next.Text()) : (null, 0, "");
    }

    private static ContentStep DropContent(WriteScope scope, ContentCut cut, string sessionId, int revision, string hash)
    {
        var family = ReadFamily(scope.Database, sessionId);
        var rows = 0;
        foreach (var resource in family)
        {
            rows += SearchWriting.Remove(scope, resource, cut.MaxRows - rows);
        }

        using (var transcript = scope.Database.Use("DropTranscript"))
        {
            rows += transcript.Set("session_id", sessionId).Set("limit", (long)(cut.MaxRows - rows)).Run();
        }

        if (rows >= cut.MaxRows)
        {
            return new ContentStep(rows, null, IsLast: false);
        }

        var room = Math.Min(cut.MaxRevisions, cut.MaxRows - rows);
        foreach (var resource in family)
        {
            using var revisions = scope.Database.Use("DropRevisions").Set("snapshot", DroppedContent.Snapshot.Span).Set("patch", DroppedContent.Patch);
            var dropped = OfResource(revisions, resource).Set("limit", (long)room).Run();
            (rows, room) = (rows + dropped, room - dropped);
            if (room <= 0)
            {
                return new ContentStep(rows, null, IsLast: false);
            }
        }

        rows += FinishDropping(scope, sessionId, family);
        AuditWriting.Append(scope, CustodyAudit.ContentDropped(sessionId, revision, hash));
        return new ContentStep(rows, sessionId, IsLast: false);
    }

    // Not bounded by rows: a session has few items, each with a few steps, and few threads.
    private static int FinishDropping(WriteScope scope, string sessionId, List<ResourceKey> family)
    {
        var rows = 0;
        foreach (var name in (ReadOnlySpan<string>)["DropReviews", "DropNotes"])
        {
            using var drop = scope.Database.Use(name);
            rows += drop.Set("session_id", sessionId).Run();
        }

        using (var bodies = scope.Database.Use("DropBodies").Set("snapshot", DroppedContent.Snapshot.Span))
        {
            rows += bodies.Set("session_id", sessionId).Run();
        }

        foreach (var resource in family)
        {
            var before = FindHeadRevision(scope, resource);
            foreach (var tag in MetadataTag.Read(before.Metadata))
            {
                using var delete = scope.Database.Use("DeleteTag");
                delete.Set("key", tag.Key).Set("value", tag.Value).Set("revision_seq", before.Seq).Run();
            }

            using var head = scope.Database.Use("DropHead");
            rows += OfResource(head, resource).Set("now", scope.Now).Run();
        }

        return rows;
    }

    private static List<ResourceKey> ReadFamily(SqliteDatabase database, string sessionId)
    {
        using var rows = database.Use("DropFamily").Set("session_id", sessionId);
        return PageCut.ReadAll(rows, static row => new ResourceKey(row.Text(), row.Text()));
    }

    private static Hold? FindHold(SqliteDatabase database, string holdId)
    {
        using var find = database.Use("FindHold").Set("hold_id", holdId);
        return find.Step() ? ReadHold(find) : null;
    }

    private static Hold ReadHold(SqliteStatement row) => new()
    {
        HoldId = row.Text(),
        Scope = (HoldScope)row.Int32(),
        Target = row.TextOrNull(),
        Reason = row.Text(),
        SetBy = row.Text(),
        SetAt = row.Instant(),
    };
}
