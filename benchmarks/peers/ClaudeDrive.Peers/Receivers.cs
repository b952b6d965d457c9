using System.Text.Json;

namespace ClaudeDrive.Peers;

/// <summary>
/// Ceilings: what Kestrel gives when a receiver does nothing (A1), proves only (A2), or proves and appends to a log (B5). None of them deduplicates,
/// queues or counts anything.
/// </summary>
internal static class Receivers
{
    /// <summary>The path that the load goes to, as the product's.</summary>
    public const string Path = "/webhooks/claude";

    /// <summary>A1: an empty 200, the body not even read.</summary>
    public static void MapEmpty(IEndpointRouteBuilder routes) => routes.MapPost(Path, static _ => Task.CompletedTask);

    /// <summary>A2: read and prove, store nothing.</summary>
    public static void MapVerify(IEndpointRouteBuilder routes, SignatureCheck check) => routes.MapPost(Path, async context =>
    {
        var length = (int)context.Request.ContentLength!.Value;
        var read = await context.Request.BodyReader.ReadAtLeastAsync(length, context.RequestAborted);
        if (!check.IsValid(context.Request.Headers, read.Buffer))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }

        context.Request.BodyReader.AdvanceTo(read.Buffer.End);
    });

    /// <summary>B5: read, prove, find the id, append to a log; 200 after the flush that covers it.</summary>
    public static void MapLog(IEndpointRouteBuilder routes, SignatureCheck check, GroupCommitLog log) => routes.MapPost(Path, async context =>
    {
        var length = (int)context.Request.ContentLength!.Value;
        var read = await context.Request.BodyReader.ReadAtLeastAsync(length, context.RequestAborted);
        if (!check.IsValid(context.Request.Headers, read.Buffer) || !HasId(read.Buffer))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            return;
        }

        await log.AppendAsync(read.Buffer);
        context.Request.BodyReader.AdvanceTo(read.Buffer.End);
    });

    private static bool HasId(System.Buffers.ReadOnlySequence<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("id"u8))
            {
                return reader.Read() && reader.TokenType == JsonTokenType.String;
            }
        }

        return false;
    }
}
