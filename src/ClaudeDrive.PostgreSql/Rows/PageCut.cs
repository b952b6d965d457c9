using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql.Connections;

namespace ClaudeDrive.PostgreSql.Rows;

/// <summary>Cuts one page: a row more than asked for tells whether another page follows.</summary>
internal static class PageCut
{
    /// <summary>Rows of the page.</summary>
    public static int Limit(PageRequest page) => Math.Clamp(page.Limit, 1, PageRequest.MaxLimit);

    /// <summary>Binds the page to a list statement.</summary>
    public static Statement Bind(Statement list, PageRequest page) => list.Set("before", page.Before ?? long.MaxValue).Set("limit", Limit(page) + 1L);

    /// <summary>The page out of the rows that <see cref="Bind"/> asked for.</summary>
    public static Page<T> Cut<T>(List<(T Row, long Position)> rows, PageRequest page, RowTotal total)
    {
        var limit = Limit(page);
        long? next = rows.Count > limit ? rows[limit - 1].Position : null;
        return new Page<T>([.. rows.Take(limit).Select(static row => row.Row)], next, total.Count, total.IsExact);
    }
}
