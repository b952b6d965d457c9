using ClaudeDrive.Inbox;
using ClaudeDrive.Sqlite.Connections;
using ClaudeDrive.Sqlite.Writing;

namespace ClaudeDrive.Sqlite;

/// <content>Retention.</content>
internal sealed partial class SqliteDriveStore
{
    /// <summary>
    /// A step ends early behind this much in bodies: a long row is a chain of pages that are freed one by one, while a usual one costs next to
    /// nothing. 500 usual rows hold a quarter of it. Chosen, not measured.
    /// </summary>
    private const long MaxBytesPerStep = 1 << 20;

    /// <inheritdoc/>
    public ValueTask<RetentionStep> DeleteFinishedAsync(RetentionCut cut, CancellationToken cancellationToken) => WriteAsync(
        scope => cut.Rows switch
        {
            RetainedRows.Events => Delete(scope, cut, "EventWindow", DeleteEvents),
            RetainedRows.Deliveries => Delete(scope, cut, "DeliveryWindow", DeleteDeliveries),
            _ => throw new ArgumentOutOfRangeException(nameof(cut), cut.Rows, "Not a known table."),
        },
        cancellationToken);

    private static RetentionStep Delete(WriteScope scope, RetentionCut cut, string windowStatement, Func<WriteScope, SeqRange, int> delete)
    {
        var before = scope.Now - cut.KeepFor;
        var window = ReadWindow(scope, cut, before, windowStatement);
        var deleted = window.HasOld ? delete(scope, new SeqRange(cut.AfterSeq, window.Through, before)) : 0;
        return new RetentionStep(deleted, window.Through, window.IsEnd || (window.HasYoung && !window.HasOld));
    }

    private static RetentionWindow ReadWindow(WriteScope scope, RetentionCut cut, DateTimeOffset before, string statement)
    {
        var (through, count, bytes, hasOld, hasYoung) = (cut.AfterSeq, 0, 0L, false, false);
        using var rows = scope.Database.Use(statement).Set("after", cut.AfterSeq).Set("limit", (long)cut.MaxRows);
        while (bytes < MaxBytesPerStep)
        {
            if (!rows.Step())
            {
                return new RetentionWindow(through, count < cut.MaxRows, hasOld, hasYoung);
            }

            through = rows.Int64();
            var receivedAt = rows.Instant();
            bytes += rows.Int64();
            count++;
            hasOld |= receivedAt < before;
            hasYoung |= receivedAt >= before && receivedAt <= scope.Now;
        }

        return new RetentionWindow(through, IsEnd: false, hasOld, hasYoung);
    }

    private static int DeleteEvents(WriteScope scope, SeqRange range)
    {
        List<(long Seq, string EventId, EventState State)> deleted = [];
        using (var delete = Bind(scope.Database.Use("DeleteFinished"), range))
        {
            while (delete.Step())
            {
                deleted.Add((delete.Int64(), delete.Text(), (EventState)delete.Int32()));
            }
        }

        foreach (var (seq, eventId, state) in deleted)
        {
            using var keep = scope.Database.Use("KeepEventId");
            keep.Set("event_id", eventId).Set("seq", seq).Run();
            scope.Count(Counters.Event(state), -1);
        }

        return deleted.Count;
    }

    private static int DeleteDeliveries(WriteScope scope, SeqRange range)
    {
        using var delete = Bind(scope.Database.Use("DeleteDeliveries"), range);
        var deleted = delete.Run();
        scope.Count(Counters.Deliveries, -deleted);
        return deleted;
    }

    private static SqliteStatement Bind(SqliteStatement delete, SeqRange range) =>
        delete.Set("after", range.After).Set("through", range.Through).Set("before", range.Before);

    private readonly record struct SeqRange(long After, long Through, DateTimeOffset Before);

    private readonly record struct RetentionWindow(long Through, bool IsEnd, bool HasOld, bool HasYoung);
}
