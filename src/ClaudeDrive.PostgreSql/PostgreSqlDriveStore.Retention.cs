using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql.Connections;

namespace ClaudeDrive.PostgreSql;

/// <content>Retention.</content>
internal sealed partial class PostgreSqlDriveStore
{
    /// <inheritdoc/>
    public ValueTask<RetentionStep> DeleteFinishedAsync(RetentionCut cut, CancellationToken cancellationToken)
    {
        var name = cut.Rows switch
        {
            RetainedRows.Events => "DeleteFinished",
            RetainedRows.Deliveries => "DeleteDeliveries",
            _ => throw new ArgumentOutOfRangeException(nameof(cut), cut.Rows, "Not a known table."),
        };
        return FirstAsync(
            CallKind.Repeat,
            use =>
            {
                var delete = use(name).Set("now", Now).Set("keep", cut.KeepFor).Set("after", (long?)cut.AfterSeq).Set("limit", (int?)cut.MaxRows);
                return cut.Rows == RetainedRows.Events ? SetWorkspaces(delete, cut.Workspaces) : delete;
            },
            static row => new RetentionStep(row.Int32(), row.Int64(), row.Truth()),
            cancellationToken);
    }

    private static Statement SetWorkspaces(Statement statement, IReadOnlyDictionary<string, TimeSpan> workspaces) => statement
        .Set("workspaces", workspaces.Keys.Select(static id => (string?)id))
        .Set("keeps", workspaces.Values.Select(static keep => (long?)keep.Ticks));
}
