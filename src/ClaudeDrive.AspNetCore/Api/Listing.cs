using System.Text.Json.Serialization.Metadata;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Inbox;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Turns a page of the store into a page of the API.</summary>
internal static class Listing
{
    /// <summary>A page of what is short enough to be read whole; positions count from its beginning.</summary>
    public static Page<T> Cut<T>(IReadOnlyList<T> all, PageRequest page)
    {
        var skip = (int)Math.Clamp(page.Before ?? 0, 0, all.Count);
        var end = Math.Min(all.Count, skip + page.Limit);
        return new Page<T>([.. all.Skip(skip).Take(end - skip)], end < all.Count ? end : null, all.Count);
    }

    public static ApiReply Reply<TRow, TDto>(
        ListQuery query, Page<TRow> page, Func<TRow, TDto> map, JsonTypeInfo<ListOf<TDto>> shape) =>
        ApiReply.Ok(
            new ListOf<TDto>([.. page.Items.Select(map)], page.Next is { } next ? PageCursor.Write(query.Binding, next) : null, page.Total, page.IsTotalExact),
            shape);
}
