using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>Reads the exact bytes of a body up to a limit, by the announced length and by what really arrives.</summary>
internal static class BodyReader
{
    public static async Task<(ReadOnlyMemory<byte> Bytes, BodyEnd End)> ReadAsync(
        HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
        {
            return (default, BodyEnd.TooLarge);
        }

        // The limit here is the one that answers; the server's own would answer in its own words.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

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
}
