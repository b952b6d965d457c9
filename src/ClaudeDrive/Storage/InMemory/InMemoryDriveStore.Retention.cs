using ClaudeDrive.Inbox;

namespace ClaudeDrive.Storage.InMemory;

/// <content>Retention.</content>
internal sealed partial class InMemoryDriveStore
{
    /// <inheritdoc/>
    public ValueTask<RetentionStep> DeleteFinishedAsync(RetentionCut cut, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            return ValueTask.FromResult(cut.Rows switch
            {
                RetainedRows.Events => Delete(
                    _events, cut, static e => (e.Record.Seq, e.Record.ReceivedAt), static e => EventTransitions.IsFinal(e.Record.State), Forget),
                RetainedRows.Deliveries => Delete(_deliveries, cut, static d => (d.Seq, d.ReceivedAt), static _ => true, static _ => { }),
                _ => throw new ArgumentOutOfRangeException(nameof(cut), cut.Rows, "Not a known table."),
            });
        }
    }

    private RetentionStep Delete<T>(
        List<T> rows, RetentionCut cut, Func<T, (long Seq, DateTimeOffset ReceivedAt)> read, Func<T, bool> mayGo, Action<T> forget)
    {
        var now = time.GetUtcNow();
        var begin = FirstBehind(rows, cut.AfterSeq, row => read(row).Seq);
        var window = rows.GetRange(begin, Math.Min(cut.MaxRows, rows.Count - begin));
        var ages = window.ConvertAll(row => now - read(row).ReceivedAt);
        var kept = new List<T>();
        for (var i = 0; i < window.Count; i++)
        {
            if (ages[i] > cut.KeepFor && mayGo(window[i]) && begin + i < rows.Count - 1)
            {
                forget(window[i]);
            }
            else
            {
                kept.Add(window[i]);
            }
        }

        var isAtEnd = begin + window.Count == rows.Count;
        var isTooYoung = ages.TrueForAll(age => age <= cut.KeepFor) && ages.Exists(age => age >= TimeSpan.Zero);
        var through = window.Count == 0 ? cut.AfterSeq : read(window[^1]).Seq;
        rows.RemoveRange(begin, window.Count);
        rows.InsertRange(begin, kept);
        return new RetentionStep(window.Count - kept.Count, through, isAtEnd || isTooYoung);
    }

    private void Forget(EventEntry entry) => _eventsByKey.Remove((entry.Record.Endpoint, entry.Record.Envelope.EventId));

    private static int FirstBehind<T>(List<T> rows, long after, Func<T, long> seq)
    {
        var (low, high) = (0, rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = seq(rows[middle]) > after ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
