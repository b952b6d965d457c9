using ClaudeDrive.Inbox;
using ClaudeDrive.Sqlite.Connections;

namespace ClaudeDrive.Sqlite.Rows;

/// <summary>Reads one page: a row more than asked for tells whether another page follows.</summary>
internal static class PageCut
{
    /// <summary>Rows of the page.</summary>
    public static int Limit(PageRequest page) => Math.Clamp(page.Limit, 1, PageRequest.MaxLimit);

    /// <summary>Binds the page to a list statement.</summary>
    public static SqliteStatement Bind(SqliteStatement list, PageRequest page) =>
        list.Set("before", page.Before ?? long.MaxValue).Set("limit", Limit(page) + 1L);

    /// <summary>Reads the page; <paramref name="read"/> returns a row and its position.</summary>
    public static Page<T> Read<T>(SqliteStatement rows, PageRequest page, RowTotal total, Func<SqliteStatement, (T Row, long Position)> read)
    {
        var limit = Limit(page);
        var items = new List<T>(Math.Min(limit, 64));
        long last = 0;
        while (rows.Step())
        {
            if (items.Count == limit)
            {
                return new Page<T>(items, last, total.Count, total.IsExact);
            }

            (var item, last) = read(rows);
            items.Add(item);
        }

        return new Page<T>(items, null, total.Count, total.IsExact);
    }

    /// <summary>Reads all rows.</summary>
    public static List<T> ReadAll<T>(SqliteStatement rows, Func<SqliteStatement, T> read)
    {
        var items = new List<T>();
        while (rows.Step())
        {
            items.Add(read(rows));
        }

        return items;
    }

    /// <summary>Reads the number of the only row.</summary>
    public static long ReadNumber(SqliteStatement rows) => rows.Step() ? rows.Int64() : 0;
}
