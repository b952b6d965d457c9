using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>Reads a JSON object from a request: its size, type, encoding, nesting and strings are checked before anything looks at it.</summary>
internal static class JsonBody
{
    /// <summary>Largest body of ordinary calls, in bytes.</summary>
    public const int SmallBytes = 64 * 1024;

    // Duplicate names are refused: two readers of one body must not see two meanings.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>The object, or a problem. An absent body reads as <c>{}</c> when <paramref name="optional"/>.</summary>
    public static async Task<(JsonElement Body, Problem? Problem)> ReadAsync(HttpRequest request, int maxBytes, bool optional)
    {
        var (bytes, end) = await BodyReader.ReadAsync(request, maxBytes, request.HttpContext.RequestAborted);
        if (end != BodyEnd.Complete)
        {
            return (default, end == BodyEnd.TooLarge
                ? new Problem(413, ProblemCodes.BodyTooLarge, $"The body must not exceed {maxBytes} bytes.")
                : Problem.BodyMalformed("The body could not be read to its end."));
        }

        if (bytes.Length == 0 && optional)
        {
            return (JsonSerializer.SerializeToElement(new EmptyBody(), Api.ApiJson.Default.EmptyBody), null);
        }

        if (!HasJsonType(request))
        {
            return (default, new Problem(415, ProblemCodes.MediaTypeUnsupported, "Send application/json in UTF-8, not compressed."));
        }

        return Parse(bytes);
    }

    /// <summary>Parses bytes as such an object.</summary>
    public static (JsonElement Body, Problem? Problem) Parse(ReadOnlyMemory<byte> bytes)
    {
        if (!Utf8.IsValid(bytes.Span))
        {
            return (default, Problem.BodyMalformed("The body is not UTF-8."));
        }

        try
        {
            using var document = JsonDocument.Parse(bytes, Options);
            var root = document.RootElement.Clone();
            if (root.ValueKind != JsonValueKind.Object)
            {
                return (default, Problem.BodyMalformed("The body must be a JSON object."));
            }

            return IsSound(root) ? (root, null) : (default, Problem.BodyMalformed("The body holds text that is not Unicode."));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second: a name that is half a surrogate pair, met while looking for repeated names.
            return (default, Problem.BodyMalformed("The body is not JSON, repeats a name, or nests deeper than 64."));
        }
    }

    private static bool HasJsonType(HttpRequest request) =>
        request.HasJsonContentType() && request.Headers.ContentEncoding.Count == 0;

    // Escapes of half a surrogate pair parse, but cannot be read as text: refused here, so that nobody stumbles later.
    private static bool IsSound(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().All(p => IsText(() => p.Name) && IsSound(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().All(IsSound),
        JsonValueKind.String => IsText(() => element.GetString()),
        _ => true,
    };

    private static bool IsText(Func<string?> read)
    {
        try
        {
            return read() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}

/// <summary>An object without fields.</summary>
internal sealed record EmptyBody;
