using ClaudeDrive.Audit;
using ClaudeDrive.Inbox;
using ClaudeDrive.Sqlite.Connections;
using ClaudeDrive.Sqlite.Rows;
using ClaudeDrive.Sqlite.Writing;

namespace ClaudeDrive.Sqlite;

/// <content>The audit log.</content>
internal sealed partial class SqliteDriveStore
{
    /// <inheritdoc/>
    public ValueTask<AuditEntry> AppendAuditAsync(AuditDraft what, CancellationToken cancellationToken) =>
        WriteAsync(scope => AuditWriting.Append(scope, what), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AuditPage> ListAuditAsync(AuditFilter filter, long? before, int limit, CancellationToken cancellationToken) => ReadAsync(
        database =>
        {
            var where = new SqlPredicate()
                .And("actor = @actor", "actor", filter.Actor)
                .And("action = @action", "action", filter.Action)
                .And("resource = @resource", "resource", filter.Resource)
                .And("at >= @from", "from", filter.From)
                .And("at < @to", "to", filter.To);
            // Positions have no gaps: without a filter the end counts them.
            var total = where.IsEmpty ? AuditWriting.FindHead(database).Seq : Count(database, "CountAudit", where);
            var request = new PageRequest(limit, before);
            using var rows = PageCut.Bind(database.Use("ListAudit", where), request);
            var page = PageCut.Read(rows, request, total, static row =>
            {
                var entry = ReadAudit(row);
                return (entry, entry.Seq);
            });
            return new AuditPage(page.Items, page.Next, page.Total, page.IsTotalExact);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(long afterSeq, int max, CancellationToken cancellationToken) => ReadAsync(
        IReadOnlyList<AuditEntry> (database) =>
        {
            using var rows = database.Use("ReadAudit").Set("after", afterSeq).Set("limit", max);
            return PageCut.ReadAll(rows, ReadAudit);
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AuditHead> FindAuditHeadAsync(CancellationToken cancellationToken) => ReadAsync(AuditWriting.FindHead, cancellationToken);

    internal static AuditEntry ReadAudit(SqliteStatement row)
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
}
