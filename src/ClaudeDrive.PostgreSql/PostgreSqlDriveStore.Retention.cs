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
            use => use(name).Set("now", Now).Set("keep", cut.KeepFor).Set("after", (long?)cut.AfterSeq).Set("limit", (int?)cut.MaxRows),
            static row => new RetentionStep(row.Int32(), row.Int64(), row.Truth()),
            cancellationToken);
    }
}
