using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>Reads the exact bytes of a body up to a limit, by the announced length and by what really arrives.</summary>
internal static class BodyReader
{
    /// <summary>
    /// Takes a body that has arrived as a whole, as nearly all deliveries have; false when the rest must be waited for, or anything about it needs a
    /// closer look. The limits of the server are out of the way afterwards in any case.
    /// </summary>
    public static bool TryRead(HttpRequest request, int maxBytes, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        if (request.ContentLength is not { } length || length > maxBytes)
        {
            return false;
        }

        LiftLimit(request);
        if (!request.BodyReader.TryRead(out var read))
        {
            return false;
        }

        if (!read.IsCompleted || read.Buffer.Length != length)
        {
            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            return false;
        }

        bytes = read.Buffer.ToArray();
        request.BodyReader.AdvanceTo(read.Buffer.End);
        return true;
    }

    public static async Task<(ReadOnlyMemory<byte> Bytes, BodyEnd End)> ReadAsync(
        HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
        {
            return (default, BodyEnd.TooLarge);
        }

        LiftLimit(request);
        try
        {
            while (true)
            {
                var read = await request.BodyReader.ReadAsync(cancellationToken);
                var buffer = read.Buffer;
                if (buffer.Length > maxBytes)
                {
                    request.BodyReader.AdvanceTo(buffer.End);
                    return (default, BodyEnd.TooLarge);
                }

                if (read.IsCompleted)
                {
                    var bytes = buffer.ToArray();
                    request.BodyReader.AdvanceTo(buffer.End);
                    return (bytes, BodyEnd.Complete);
                }

                request.BodyReader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        catch (BadHttpRequestException e)
        {
            return (default, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? BodyEnd.TooLarge : BodyEnd.Broken);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return (default, request.HttpContext.RequestAborted.IsCancellationRequested ? BodyEnd.Gone : BodyEnd.Broken);
        }
    }

    /// <summary>The limit here is the one that answers; the server's own would answer in its own words.</summary>
    private static void LiftLimit(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
    }
}
