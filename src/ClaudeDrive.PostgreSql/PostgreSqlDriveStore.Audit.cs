using ClaudeDrive.Audit;
using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql.Connections;
using ClaudeDrive.PostgreSql.Rows;

namespace ClaudeDrive.PostgreSql;

/// <content>The audit log.</content>
internal sealed partial class PostgreSqlDriveStore
{
    /// <inheritdoc/>
    public async ValueTask<AuditEntry> AppendAuditAsync(AuditDraft what, CancellationToken cancellationToken) =>
        (await FirstAsync(CallKind.Repeat, use => BindAudit(use("AppendAudit"), what), ReadAudit, cancellationToken).ConfigureAwait(false))!;

    /// <inheritdoc/>
    public async ValueTask<AuditPage> ListAuditAsync(AuditFilter filter, long? before, int limit, CancellationToken cancellationToken)
    {
        var page = await PageAsync(
            () => AuditPredicate(filter) is { IsEmpty: false } where ? Count("CountAudit", where) : Use("CountAllAudit"),
            () => Use("ListAudit", AuditPredicate(filter)),
            static row =>
            {
                var entry = ReadAudit(row);
                return (entry, entry.Seq);
            },
            new PageRequest(limit, before),
            cancellationToken).ConfigureAwait(false);
        return new AuditPage(page.Items, page.Next, page.Total, page.IsTotalExact);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(long afterSeq, int max, CancellationToken cancellationToken) =>
        AllAsync(CallKind.Read, use => use("ReadAudit").Set("after", (long?)afterSeq).Set("limit", (long?)max), ReadAudit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AuditHead> FindAuditHeadAsync(CancellationToken cancellationToken) =>
        FirstAsync(CallKind.Read, use => use("FindAuditHead"), static row => new AuditHead(row.Int64(), row.Text()), cancellationToken);

    /// <summary>Sets what <c>append_audit</c> takes.</summary>
    private Statement BindAudit(Statement statement, AuditDraft what) => statement
        .Set("a_now", Now)
        .Set("a_actor", what.Actor)
        .Set("a_node", what.Node)
        .Set("a_remote_ip", what.RemoteIp)
        .Set("a_action", what.Action)
        .Set("a_resource", what.Resource)
        .Set("a_reason", what.Reason)
        .Set("a_before", what.Before)
        .Set("a_after", what.After)
        .Set("a_rest", (ReadOnlyMemory<byte>?)AuditHash.RestOf(what));

    private static AuditEntry ReadAudit(Row row)
    {
        var (seq, at) = (row.Int64(), row.Instant());
        var what = new AuditDraft
        {
            Actor = row.Text(),
            Node = row.TextOrNull(),
            RemoteIp = row.TextOrNull(),
            Action = row.Text(),
            Resource = row.Text(),
            Reason = row.TextOrNull(),
            Before = row.TextOrNull(),
            After = row.TextOrNull(),
        };
        return new AuditEntry { Seq = seq, At = at, What = what, PreviousHash = row.Text(), Hash = row.Text() };
    }

    private static SqlPredicate AuditPredicate(AuditFilter filter) => new SqlPredicate()
        .And("actor = @actor", "actor", filter.Actor)
        .And("action = @action", "action", filter.Action)
        .And("resource = @resource", "resource", filter.Resource)
        .And("at >= @from", "from", filter.From)
        .And("at < @to", "to", filter.To);
}
