using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Anthropic.Exceptions;

namespace ClaudeDrive.Hydration;

/// <summary>Sorts what the Claude API and the network answer. Pure: one place, one table (claude-api §6, §8.6).</summary>
internal static class ApiClassifier
{
    /// <summary>Longest wait that an answer may impose: a larger value is cut. An hour: beyond it a person should have been told. Chosen.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromHours(1);

    /// <summary>Characters of Claude's message that are kept.</summary>
    private const int MaxDetail = 300;

    /// <summary>Status overloaded, which has no name in <see cref="HttpStatusCode"/>.</summary>
    private const int Overloaded = 529;

    /// <summary>Error code of a spend cap: waiting does not cure it (claude-api §6).</summary>
    private const string SpendLimit = "enforced_spend_limit_reached";

    /// <summary>Classifies an exception of the SDK or of the transport. <paramref name="stopping"/> tells our own stop from a time-out.</summary>
    public static ApiFailure Classify(Exception exception, string? retryAfter, DateTimeOffset now, bool stopping) => exception switch
    {
        AnthropicApiException api => Classify((int)api.StatusCode, api.ResponseBody, retryAfter, now, api.RequestID),
        OperationCanceledException when stopping => new ApiFailure(FailureClass.Interrupted, "stopping", "", MayHaveActed: true),
        OperationCanceledException or TimeoutException => new ApiFailure(FailureClass.Transient, "timeout", "no answer in time", MayHaveActed: true),
        JsonException or AnthropicInvalidDataException or InvalidDataException =>
            new ApiFailure(FailureClass.Transient, "bad_answer", "the answer was not readable", MayHaveActed: true),
        ArgumentException argument => new ApiFailure(FailureClass.Permanent, "not_sendable", argument.Message),
        _ when IsRefusedConnection(exception) => new ApiFailure(FailureClass.Transient, "connection", "no connection"),
        _ => new ApiFailure(FailureClass.Transient, "connection", "the connection was lost", MayHaveActed: true),
    };

    /// <summary>Classifies an answer that is not a success.</summary>
    public static ApiFailure Classify(int status, string? body, string? retryAfter, DateTimeOffset now, string? requestId)
    {
        var (message, errorCode) = ReadError(body);
        var wait = ParseRetryAfter(retryAfter, now);
        var code = string.Create(CultureInfo.InvariantCulture, $"http_{status}");
        return status switch
        {
            404 => new ApiFailure(FailureClass.Gone, code, message, RequestId: requestId),
            429 when string.Equals(errorCode, SpendLimit, StringComparison.Ordinal) =>
                new ApiFailure(FailureClass.Permanent, "spend_limit", message, RequestId: requestId),
            429 or Overloaded when wait is not null =>
                new ApiFailure(FailureClass.Wait, code, message, wait, MayHaveActed: status == Overloaded, RequestId: requestId),
            429 => new ApiFailure(FailureClass.Transient, code, message, RequestId: requestId),
            408 or 409 or >= 500 => new ApiFailure(FailureClass.Transient, code, message, wait, MayHaveActed: status != 409, RequestId: requestId),
            _ => new ApiFailure(FailureClass.Permanent, code, message, RequestId: requestId),
        };
    }

    /// <summary>Reads <c>retry-after</c>: whole or fractional seconds, or an HTTP date; null when absent, unreadable or not positive.</summary>
    public static TimeSpan? ParseRetryAfter(string? value, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return null;
        }

        value = value.Trim();
        if (char.IsAsciiDigit(value[0]) // The parser below also reads NaN and Infinity.
            && double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds <= 0 ? null : TimeSpan.FromSeconds(Math.Min(seconds, MaxWait.TotalSeconds));
        }

        if (DateTimeOffset.TryParseExact(value, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) && instant > now)
        {
            return instant - now < MaxWait ? instant - now : MaxWait;
        }

        return null;
    }

    private static bool IsRefusedConnection(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.TryAgain })
            {
                return true;
            }
        }

        return false;
    }

    private static (string Message, string? ErrorCode) ReadError(string? body)
    {
        if (string.IsNullOrEmpty(body))
        {
            return ("", null);
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind is not JsonValueKind.Object
                || !document.RootElement.TryGetProperty("error", out var error) || error.ValueKind is not JsonValueKind.Object)
            {
                return ("", null);
            }

            var message = Text(error, "message") ?? Text(error, "type") ?? "";
            var errorCode = error.TryGetProperty("details", out var details) && details.ValueKind is JsonValueKind.Object
                ? Text(details, "error_code")
                : null;
            return (Shorten(message), errorCode);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return ("", null); // A proxy's page instead of Claude's JSON, or half a character: the status says enough.
        }
    }

    private static string Shorten(string message) => message.Length <= MaxDetail
        ? message
        : message[..(char.IsHighSurrogate(message[MaxDetail - 1]) ? MaxDetail - 1 : MaxDetail)];

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
