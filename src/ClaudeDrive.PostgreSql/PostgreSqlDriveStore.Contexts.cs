using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Contexts.Search;
using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql.Connections;
using ClaudeDrive.PostgreSql.Rows;
using ClaudeDrive.PostgreSql.Writing;

namespace ClaudeDrive.PostgreSql;

/// <content>Storing what a look found.</content>
internal sealed partial class PostgreSqlDriveStore
{
    /// <inheritdoc/>
    public async ValueTask<ApplyOutcome> ApplyAsync(ResourceLease lease, ContextChange change, CancellationToken cancellationToken)
    {
        var writer = _changes ?? throw new Diagnostics.DriveStoreException("The store is not open.");
        var outcome = await writer.StoreAsync(new PendingChange(lease, change), cancellationToken).ConfigureAwait(false);
        _workSignal.Raise();
        return outcome;
    }

    /// <inheritdoc/>
    public async ValueTask AdvanceReaderAsync(string name, long seq, CancellationToken cancellationToken) => await RunAsync(
        CallKind.Repeat, use => use("AdvanceReader").Set("name", name).Set("seq", (long?)seq), cancellationToken).ConfigureAwait(false);

    private Statement BindChange(Statement apply, ResourceLease lease, ContextChange change)
    {
        var head = change.Head;
        var tags = MetadataTag.Read(head.MetadataJson);
        var documents = SearchDocument.Of(change).ToList();
        Of(apply, lease.Resource)
            .Set("now", Now)
            .Set("quiet", coalescing.Quiet)
            .Set("max_wait", coalescing.MaxWait)
            .Set("again", change.LookAgainAfter)
            .Set("token", lease.Token)
            .Set("through", lease.ThroughSeq)
            .Set("base", (int?)change.BaseRevision)
            .Set("applied", head.Revision > 0 ? head.Revision : (int?)null)
            .Set("supersede_before", change.SupersedeBefore)
            .Set("refusal", change.Refusal)
            .Set("t_id", change.SessionEvents.Select(static e => (string?)e.EventId))
            .Set("t_type", change.SessionEvents.Select(static e => (string?)e.Type))
            .Set("t_processed", change.SessionEvents.Select(static e => (long?)(e.ProcessedAt?.UtcTicks ?? ContextRows.Queued)))
            .Set("t_json", change.SessionEvents.Select(static e => e.Json.ToArray()))
            .Set("tag_keys", tags.Select(static tag => (string?)tag.Key))
            .Set("tag_values", tags.Select(static tag => (string?)tag.Value))
            .Set("doc_ids", documents.Select(static document => (string?)document.EventId))
            .Set("doc_words", documents.Select(static document => (string?)document.Words))
            .Set("a_id", change.Answered.Keys.Select(static id => (string?)id))
            .Set("a_event", change.Answered.Values.Select(static id => (string?)id));
        BindRevision(apply, change.Revision);
        BindBlockers(apply, head.Blockers);
        return BindHead(apply, head);
    }

    private static void BindRevision(Statement apply, ContextRevision? revision) => apply
        .Set("number", revision?.Number)
        .Set("cause", revision?.Cause)
        .Set("event_ids", revision is null ? null : RowJson.Write(revision.EventIds))
        .Set("request_ids", revision is null ? null : RowJson.Write(revision.RequestIds))
        .Set("fetched_at", revision?.FetchedAt)
        .Set("recorded_at", revision?.RecordedAt)
        .Set("previous_hash", revision?.PreviousHash)
        .Set("patch", revision?.PatchJson)
        .Set("snapshot", revision?.Snapshot)
        .Set("r_as_of", revision?.AsOf)
        .Set("r_status", revision?.Status)
        .Set("r_triage", revision?.Triage)
        .Set("r_snapshot_hash", revision?.SnapshotHash)
        .Set("r_hash", revision?.Hash);

    private static void BindBlockers(Statement apply, IReadOnlyList<Blocker> blockers) => apply
        .Set("b_id", blockers.Select(static b => (string?)b.BlockingEventId))
        .Set("b_kind", blockers.Select(static b => (string?)b.Kind))
        .Set("b_tool", blockers.Select(static b => b.ToolName))
        .Set("b_input", blockers.Select(static b => b.InputJson))
        .Set("b_input_hash", blockers.Select(static b => (string?)b.InputHash))
        .Set("b_thread", blockers.Select(static b => b.SessionThreadId))
        .Set("b_since", blockers.Select(static b => b.Since?.UtcTicks));

    private static Statement BindHead(Statement apply, ContextHead head) => apply
        .Set("parent_id", head.ParentId)
        .Set("revision", (int?)head.Revision)
        .Set("status", head.Status)
        .Set("triage", head.Triage)
        .Set("stop_reason", head.StopReason)
        .Set("title", head.Title)
        .Set("agent_id", head.AgentId)
        .Set("agent_name", head.AgentName)
        .Set("workspace_id", head.WorkspaceId)
        .Set("organization_id", head.OrganizationId)
        .Set("metadata", head.MetadataJson)
        .Set("as_of", (DateTimeOffset?)head.AsOf)
        .Set("hydrated_at", (DateTimeOffset?)head.HydratedAt)
        .Set("event_cursor", head.EventCursor)
        .Set("snapshot_hash", head.SnapshotHash)
        .Set("revision_hash", head.RevisionHash)
        .Set("blockers", RowJson.Write(head.Blockers))
        .Set("fold", head.FoldJson)
        .Set("object", (ReadOnlyMemory<byte>?)head.Object);
}
