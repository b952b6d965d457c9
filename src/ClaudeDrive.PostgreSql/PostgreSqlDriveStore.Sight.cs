using ClaudeDrive.Access;
using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql.Connections;
using ClaudeDrive.PostgreSql.Filters;

namespace ClaudeDrive.PostgreSql;

/// <content>What somebody sees, as a condition of its own and of the logs.</content>
internal sealed partial class PostgreSqlDriveStore
{
    private static SqlPredicate Seen(Sight sight, Func<SightSql, string> condition) => new SqlPredicate().And(sight, condition);

    private ValueTask<Tail<T>> ReadTailAsync<T>(TailStatements<T> log, Sight sight, long after, int max, CancellationToken cancellationToken) =>
        sight.IsEverything ? ReadAllTailAsync(log, after, max, cancellationToken) : ReadSeenTailAsync(log, sight, after, max, cancellationToken);

    private async ValueTask<Tail<T>> ReadAllTailAsync<T>(TailStatements<T> log, long after, int max, CancellationToken cancellationToken)
    {
        var items = await AllAsync(
            CallKind.Read, use => use(log.Read).Set("after", (long?)after).Set("limit", (long?)max), log.ReadRow, cancellationToken).ConfigureAwait(false);
        return Tail<T>.Of(items, log.PositionOf, max, after, items.Count == 0 ? after : log.PositionOf(items[^1]));
    }

    // The end first: positions are visible in their order, so no row up to it is missed by the second look.
    private async ValueTask<Tail<T>> ReadSeenTailAsync<T>(TailStatements<T> log, Sight sight, long after, int max, CancellationToken cancellationToken)
    {
        var newest = await FirstAsync(CallKind.Read, use => use(log.Newest), static row => row.Int64(), cancellationToken).ConfigureAwait(false);
        var through = Math.Min(newest, after + Tail<T>.Window);
        if (sight.IsNothing || through <= after)
        {
            return Tail<T>.Of([], log.PositionOf, max, after, through);
        }

        var items = await AllAsync(
            CallKind.Read,
            _ => Use(log.Read + "Seen", Seen(sight, log.Sees)).Set("after", (long?)after).Set("through", (long?)through).Set("limit", (long?)max),
            log.ReadRow,
            cancellationToken).ConfigureAwait(false);
        return Tail<T>.Of(items, log.PositionOf, max, after, through);
    }

    /// <summary>How one log is read.</summary>
    /// <param name="Read">Name of the statement for everything; with <c>Seen</c> behind it that for a sight.</param>
    /// <param name="Newest">Name of the statement of the newest position.</param>
    /// <param name="Sees">The condition.</param>
    /// <param name="ReadRow">Reads a row.</param>
    /// <param name="PositionOf">Its position.</param>
    private sealed record TailStatements<T>(
        string Read, string Newest, Func<SightSql, string> Sees, Func<Row, T> ReadRow, Func<T, long> PositionOf);
}
