using ClaudeDrive.Access;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Sqlite.Connections;
using ClaudeDrive.Sqlite.Filters;
using ClaudeDrive.Sqlite.Rows;

namespace ClaudeDrive.Sqlite;

/// <content>What somebody sees, asked of single contexts and of the logs.</content>
internal sealed partial class SqliteDriveStore
{
    private static SqlPredicate SeenHead(Sight sight) => new SqlPredicate().And(sight, static sql => sql.OfHead("h"));

    /// <summary>True when the context is there and seen, as of the transaction that reads what belongs to it.</summary>
    private static bool Sees(SqliteDatabase database, Sight sight, ResourceKey resource)
    {
        if (sight.IsEverything || sight.IsNothing)
        {
            return sight.IsEverything;
        }

        using var find = database.Use("SeesHead", SeenHead(sight)).Set("resource_type", resource.Type).Set("resource_id", resource.Id);
        return find.Step();
    }

    private ValueTask<Tail<T>> ReadTailAsync<T>(TailStatements<T> log, Sight sight, long after, int max, CancellationToken cancellationToken) => ReadAsync(
        database =>
        {
            if (sight.IsEverything)
            {
                using var all = database.Use(log.Read).Set("after", after).Set("limit", max);
                var items = PageCut.ReadAll(all, log.ReadRow);
                return Tail<T>.Of(items, log.PositionOf, max, after, items.Count == 0 ? after : log.PositionOf(items[^1]));
            }

            using var newest = database.Use(log.Newest);
            var through = Math.Min(PageCut.ReadNumber(newest), after + Tail<T>.Window);
            if (sight.IsNothing || through <= after)
            {
                return Tail<T>.Of([], log.PositionOf, max, after, through);
            }

            using var seen = database.Use(log.Read + "Seen", new SqlPredicate().And(sight, log.Sees))
                .Set("after", after).Set("through", through).Set("limit", max);
            return Tail<T>.Of(PageCut.ReadAll(seen, log.ReadRow), log.PositionOf, max, after, through);
        },
        cancellationToken);

    /// <summary>How one log is read.</summary>
    /// <param name="Read">Name of the statement for everything; with <c>Seen</c> behind it that for a sight.</param>
    /// <param name="Newest">Name of the statement of the newest position.</param>
    /// <param name="Sees">The condition.</param>
    /// <param name="ReadRow">Reads a row.</param>
    /// <param name="PositionOf">Its position.</param>
    private sealed record TailStatements<T>(
        string Read, string Newest, Func<SightSql, string> Sees, Func<SqliteStatement, T> ReadRow, Func<T, long> PositionOf);
}
