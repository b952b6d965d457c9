using System.Buffers;
using System.Text;
using ClaudeDrive.AspNetCore.Api;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Receiver;

/// <summary>
/// Writes the receipt of a delivery: the hot path, so the usual one is put together in place, with its length known, and leaves with its headers
/// in one piece.
/// </summary>
internal static class ReceiptWriter
{
    private const string ContentType = "application/json";

    // What every id that was ever seen is made of, and what no JSON text needs to escape.
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>Writes <c>{"status":…,"event_id":…}</c>. <paramref name="status"/> is a constant of ours without anything to escape.</summary>
    public static Task WriteAsync(HttpResponse response, string status, string eventId)
    {
        if (eventId.AsSpan().ContainsAnyExcept(Plain))
        {
            return response.WriteAsJsonAsync(new ReceiptDto(status, eventId), ApiJson.Default.ReceiptDto, ContentType, response.HttpContext.RequestAborted);
        }

        var length = "{'status':'','event_id':''}".Length + status.Length + eventId.Length;
        response.ContentType = ContentType;
        response.ContentLength = length;
        var body = response.BodyWriter;
        var span = body.GetSpan(length);
        var at = Put("{\"status\":\""u8, span, 0);
        at += Encoding.ASCII.GetBytes(status, span[at..]);
        at = Put("\",\"event_id\":\""u8, span, at);
        at += Encoding.ASCII.GetBytes(eventId, span[at..]);
        at = Put("\"}"u8, span, at);
        body.Advance(at);
        return Task.CompletedTask;
    }

    private static int Put(ReadOnlySpan<byte> text, Span<byte> span, int at)
    {
        text.CopyTo(span[at..]);
        return at + text.Length;
    }
}
