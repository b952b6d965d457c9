using ClaudeDrive.Contexts;
using ClaudeDrive.Ingest;
using ClaudeDrive.PostgreSql.Connections;

namespace ClaudeDrive.PostgreSql.Rows;

/// <summary>Reads rows of the contexts, in the order of <c>HeadColumns</c> and <c>RevisionColumns</c>.</summary>
internal static class ContextRows
{
    /// <summary>What stands in the column of a session event that is still queued: later than every instant.</summary>
    public const long Queued = long.MaxValue;

    /// <summary>One head, and the position of its newest revision.</summary>
    public static (ContextHead Head, long RevisionSeq) ReadHead(Row row)
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

    /// <summary>One revision.</summary>
    public static ContextRevision ReadRevision(Row row) => new()
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

    /// <summary>One row of a transcript.</summary>
    public static SessionEventRecord ReadTranscriptEvent(Row row) => new()
    {
        EventId = row.Text(),
        Type = row.Text(),
        ProcessedAt = ReadProcessedAt(row),
        FirstRevision = row.Int32(),
        Json = row.Bytes(),
    };

    /// <summary>The next column as the instant that orders a transcript; null while queued.</summary>
    public static DateTimeOffset? ReadProcessedAt(Row row)
    {
        var ticks = row.Int64();
        return ticks == Queued ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
    }
}
