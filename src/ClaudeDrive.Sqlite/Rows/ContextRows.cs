using ClaudeDrive.Contexts;
using ClaudeDrive.Ingest;
using ClaudeDrive.Sqlite.Connections;

namespace ClaudeDrive.Sqlite.Rows;

/// <summary>Reads and binds rows of the contexts, in the order of <c>HeadColumns</c> and <c>RevisionColumns</c>.</summary>
internal static class ContextRows
{
    /// <summary>What stands in the column of a session event that is still queued: later than every instant.</summary>
    public const long Queued = long.MaxValue;

    /// <summary>One head, and the position of its newest revision.</summary>
    public static (ContextHead Head, long RevisionSeq) ReadHead(SqliteStatement row)
    {
        var resource = new ResourceKey(row.Text(), row.Text());
        var parentId = row.TextOrNull();
        var revision = row.Int32();
        var revisionSeq = row.Int64();
        var head = new ContextHead
        {
            Resource = resource,
            ParentId = parentId,
            Revision = revision,
            Status = row.Text(),
            Triage = row.TextOrNull(),
            StopReason = row.TextOrNull(),
            Title = row.TextOrNull(),
            AgentId = row.TextOrNull(),
            AgentName = row.TextOrNull(),
            WorkspaceId = row.TextOrNull(),
            OrganizationId = row.TextOrNull(),
            MetadataJson = row.TextOrNull(),
            AsOf = row.Instant(),
            HydratedAt = row.Instant(),
            EventCursor = row.InstantOrNull(),
            SnapshotHash = row.Text(),
            RevisionHash = row.Text(),
            Blockers = RowJson.ReadBlockers(row.Text()),
            FoldJson = row.TextOrNull(),
            Object = row.Bytes(),
        };
        return (head, revisionSeq);
    }

    /// <summary>Binds a head for <c>PutHead</c>.</summary>
    public static SqliteStatement Bind(SqliteStatement put, ContextHead head, long revisionSeq) => put
        .Set("resource_type", head.Resource.Type)
        .Set("resource_id", head.Resource.Id)
        .Set("parent_id", head.ParentId)
        .Set("revision", (long)head.Revision)
        .Set("revision_seq", revisionSeq)
        .Set("status", head.Status)
        .Set("triage", head.Triage)
        .Set("stop_reason", head.StopReason)
        .Set("title", head.Title)
        .Set("agent_id", head.AgentId)
        .Set("agent_name", head.AgentName)
        .Set("workspace_id", head.WorkspaceId)
        .Set("organization_id", head.OrganizationId)
        .Set("metadata", head.MetadataJson)
        .Set("as_of", head.AsOf)
        .Set("hydrated_at", head.HydratedAt)
        .Set("event_cursor", head.EventCursor)
        .Set("snapshot_hash", head.SnapshotHash)
        .Set("revision_hash", head.RevisionHash)
        .Set("blockers", RowJson.Write(head.Blockers))
        .Set("fold", head.FoldJson)
        .Set("object", head.Object.Span);

    /// <summary>One revision.</summary>
    public static ContextRevision ReadRevision(SqliteStatement row) => new()
    {
        Seq = row.Int64(),
        Resource = new ResourceKey(row.Text(), row.Text()),
        Number = row.Int32(),
        Cause = row.Text(),
        EventIds = RowJson.ReadIds(row.Text()),
        RequestIds = RowJson.ReadIds(row.Text()),
        AsOf = row.Instant(),
        FetchedAt = row.Instant(),
        RecordedAt = row.Instant(),
        Status = row.Text(),
        Triage = row.TextOrNull(),
        SnapshotHash = row.Text(),
        PreviousHash = row.Text(),
        Hash = row.Text(),
        PatchJson = row.Text(),
        Snapshot = row.Bytes(),
    };

    /// <summary>Binds a revision for <c>InsertRevision</c>.</summary>
    public static SqliteStatement Bind(SqliteStatement insert, ContextRevision revision) => insert
        .Set("resource_type", revision.Resource.Type)
        .Set("resource_id", revision.Resource.Id)
        .Set("number", (long)revision.Number)
        .Set("cause", revision.Cause)
        .Set("event_ids", RowJson.Write(revision.EventIds))
        .Set("request_ids", RowJson.Write(revision.RequestIds))
        .Set("as_of", revision.AsOf)
        .Set("fetched_at", revision.FetchedAt)
        .Set("recorded_at", revision.RecordedAt)
        .Set("status", revision.Status)
        .Set("triage", revision.Triage)
        .Set("snapshot_hash", revision.SnapshotHash)
        .Set("previous_hash", revision.PreviousHash)
        .Set("hash", revision.Hash)
        .Set("patch", revision.PatchJson)
        .Set("snapshot", revision.Snapshot.Span);

    /// <summary>One row of a transcript.</summary>
    public static SessionEventRecord ReadTranscriptEvent(SqliteStatement row) => new()
    {
        EventId = row.Text(),
        Type = row.Text(),
        ProcessedAt = ReadProcessedAt(row),
        FirstRevision = row.Int32(),
        Json = row.Bytes(),
    };

    /// <summary>The next column as the instant that orders a transcript; null while queued.</summary>
    public static DateTimeOffset? ReadProcessedAt(SqliteStatement row)
    {
        var ticks = row.Int64();
        return ticks == Queued ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
    }
}
