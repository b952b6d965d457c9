using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Sqlite.Rows;
using ClaudeDrive.Sqlite.Writing;

namespace ClaudeDrive.Sqlite;

/// <content>Storing what a look found.</content>
internal sealed partial class SqliteDriveStore
{
    /// <inheritdoc/>
    public ValueTask<ApplyOutcome> ApplyAsync(ResourceLease lease, ContextChange change, CancellationToken cancellationToken) => WriteAsync(
        scope =>
        {
            if (WorkWriting.FindHeld(scope, lease) is not { } row)
            {
                return ApplyOutcome.LeaseLost;
            }

            var before = FindHeadRevision(scope, lease.Resource);
            if (before.Revision != change.BaseRevision)
            {
                return ApplyOutcome.BaseMoved;
            }

            StoreContext(scope, change, before);
            StoreTranscript(scope, change);
            if (change.Head.Resource.Type == ResourceKey.SessionType)
            {
                ReviewWriting.OpenAndClose(scope, change);
            }

            EventClosing.Close(scope, lease, change);
            WorkWriting.Complete(scope, row, change.LookAgainAfter, coalescing);
            return ApplyOutcome.Applied;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask AdvanceReaderAsync(string name, long seq, CancellationToken cancellationToken) => await WriteAsync(
        scope =>
        {
            using var advance = scope.Database.Use("AdvanceReader");
            return advance.Set("name", name).Set("seq", seq).Run();
        },
        cancellationToken).ConfigureAwait(false);

    private static HeadPosition FindHeadRevision(WriteScope scope, ResourceKey resource)
    {
        using var find = scope.Database.Use("FindHeadRevision").Set("resource_type", resource.Type).Set("resource_id", resource.Id);
        return find.Step() ? new HeadPosition(find.Int32(), find.Int64(), find.TextOrNull()) : default;
    }

    private static void StoreContext(WriteScope scope, ContextChange change, HeadPosition before)
    {
        var revisionSeq = before.Seq;
        if (change.Revision is { } revision)
        {
            if (revisionSeq == 0)
            {
                scope.Count(Counters.Context(change.Head.Resource.Type), 1);
            }

            using var insert = ContextRows.Bind(scope.Database.Use("InsertRevision"), revision);
            insert.Step();
            revisionSeq = insert.Int64();
            scope.Count(Counters.Revisions, 1);
        }

        if (revisionSeq != 0)
        {
            // Without it nothing was ever seen of the resource, and there is nothing to show.
            using var put = ContextRows.Bind(scope.Database.Use("PutHead"), change.Head, revisionSeq);
            put.Run();
            StoreTags(scope, change.Head, before, revisionSeq);
        }
    }

    /// <summary>Keeps the metadata pairs of the head; where neither they nor its position changed, there is nothing to do.</summary>
    private static void StoreTags(WriteScope scope, ContextHead head, HeadPosition before, long revisionSeq)
    {
        if (before.Seq == revisionSeq && before.Metadata == head.MetadataJson)
        {
            return;
        }

        foreach (var tag in MetadataTag.Read(before.Metadata))
        {
            using var delete = scope.Database.Use("DeleteTag");
            delete.Set("key", tag.Key).Set("value", tag.Value).Set("revision_seq", before.Seq).Run();
        }

        foreach (var tag in MetadataTag.Read(head.MetadataJson))
        {
            using var insert = scope.Database.Use("InsertTag");
            insert.Set("key", tag.Key).Set("value", tag.Value).Set("revision_seq", revisionSeq).Set("resource_type", head.Resource.Type).Run();
        }
    }

    private static void StoreTranscript(WriteScope scope, ContextChange change)
    {
        foreach (var fetched in change.SessionEvents)
        {
            using var put = scope.Database.Use("PutTranscriptEvent");
            put.Set("session_id", change.Head.Resource.Id)
                .Set("event_id", fetched.EventId)
                .Set("type", fetched.Type)
                .Set("processed_at", fetched.ProcessedAt?.UtcTicks ?? ContextRows.Queued)
                .Set("first_revision", (long)change.Head.Revision)
                .Set("json", fetched.Json.Span)
                .Run();
        }
    }

    /// <summary>A head as the writer needs it; all zero when there is none.</summary>
    /// <param name="Revision">Its revision.</param>
    /// <param name="Seq">Position of that revision.</param>
    /// <param name="Metadata">Its metadata.</param>
    private readonly record struct HeadPosition(int Revision, long Seq, string? Metadata);
}
