using System.Text.Json.Serialization.Metadata;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Inbox;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Turns a page of the store into a page of the API.</summary>
internal static class Listing
{
    public static ApiReply Reply<TRow, TDto>(
        ListQuery query, Page<TRow> page, Func<TRow, TDto> map, JsonTypeInfo<ListOf<TDto>> shape) =>
        ApiReply.Ok(
            new ListOf<TDto>([.. page.Items.Select(map)], page.Next is { } next ? PageCursor.Write(query.Binding, next) : null, page.Total),
            shape);
}
