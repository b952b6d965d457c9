using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Cli.Api;

/// <summary>Turns what went wrong between us and the server into a message with the stable code and a next step.</summary>
internal static class Refusals
{
    private const int LongestDetail = 1000;

    public static CliException NoAnswer(Exception failure, ServerAddress address)
    {
        var refused = failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
        var reason = failure switch
        {
            _ when refused => string.Empty,
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => " (the host name is unknown)",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => " (TLS failed: " + Innermost(failure) + ")",
            _ => " (" + Innermost(failure) + ")",
        };
        return new CliException($"no server answers at {address}{reason}")
        {
            Passing = true,
            NextStep = "start one with `claudedrive serve`, or name another with --server or CLAUDEDRIVE_URL",
        };
    }

    public static CliException TooSlow(ServerAddress address, TimeSpan patience)
    {
        return new CliException(FormattableString.Invariant($"{address} did not answer within {patience.TotalSeconds} seconds"))
        {
            Passing = true,
            NextStep = "see `claudedrive status`, and the server's log",
        };
    }

    public static CliException NotJson(HttpResponseMessage response, ServerAddress address)
    {
        return new CliException($"{address} answered {(int)response.StatusCode} with something that is not JSON: this is no ClaudeDrive server")
        {
            NextStep = "check --server or CLAUDEDRIVE_URL",
        };
    }

    public static CliException From(HttpResponseMessage response, string body, ServerAddress address)
    {
        var (code, detail) = ReadProblem(body);
        var status = response.StatusCode;
        return new CliException(Message(status, detail, response, address))
        {
            Code = code,
            Passing = status is >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests,
            ExitCode = status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity ? ExitCode.WrongUsage : ExitCode.Failed,
            NextStep = NextStep(status, code, response, address),
        };
    }

    private static string Message(HttpStatusCode status, string? detail, HttpResponseMessage response, ServerAddress address)
    {
        return status switch
        {
            HttpStatusCode.Unauthorized when address.ApiKey is null => "the server wants an API key and none was given",
            HttpStatusCode.Unauthorized => "the key was refused",
            HttpStatusCode.Forbidden => "your role does not allow this" + Colon(detail),
            HttpStatusCode.NotFound => detail ?? "not found, or not yours to see",
            HttpStatusCode.TooManyRequests => "the server asks to slow down" + Colon(detail),
            >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest =>
                $"{address} answered with a redirect, which is not followed (the key would go with it)",
            >= HttpStatusCode.InternalServerError => $"the server failed with {(int)status}" + Colon(detail),
            _ => detail ?? $"the server answered {(int)status} {response.ReasonPhrase}",
        };
    }

    private static string? NextStep(HttpStatusCode status, string? code, HttpResponseMessage response, ServerAddress address)
    {
        return code switch
        {
            "already_answered" => "see the answer with `claudedrive reviews show ID`",
            "session_moved_on" => "see what happened with `claudedrive sessions timeline SESSION`; nothing was sent",
            "claimed_by_other" => "wait for the claim to end, or answer with --note saying why you take over",
            _ => status switch
            {
                HttpStatusCode.Unauthorized => address.ApiKey is null ? "set CLAUDEDRIVE_API_KEY" : "set CLAUDEDRIVE_API_KEY to a valid key",
                HttpStatusCode.Forbidden => "see your role with `claudedrive status`",
                HttpStatusCode.NotFound => "check the id; list what you may see with the list verb",
                HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable when RetryAfter(response) is { } wait => $"try again in {wait}",
                >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest when response.Headers.Location is { } there =>
                    "if you trust it, give the new address with --server: " + there,
                >= HttpStatusCode.InternalServerError => "see `claudedrive status`, and the server's log",
                _ => null,
            },
        };
    }

    private static string? RetryAfter(HttpResponseMessage response)
    {
        return response.Headers.RetryAfter switch
        {
            { Delta: { } wait } => Ages.Span(wait),
            { Date: { } date } => Ages.Utc(date),
            _ => null,
        };
    }

    private static (string? Code, string? Detail) ReadProblem(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var problem = document.RootElement;
            var text = string.Join("; ", [.. Sentence(problem), .. FieldErrors(problem)]);
            var detail = text.Length > LongestDetail ? string.Concat(text.AsSpan(0, LongestDetail), "…") : text;
            return (problem.Text("code"), detail.Length == 0 ? null : detail);
        }
        catch (JsonException)
        {
            return (null, null);
        }
    }

    private static IEnumerable<string> Sentence(JsonElement problem)
    {
        if (problem.Text("detail", "title") is { } sentence)
        {
            yield return sentence;
        }
    }

    /// <summary>The <c>errors</c> member of validation problems: a list of messages per field.</summary>
    private static IEnumerable<string> FieldErrors(JsonElement problem)
    {
        if (problem.Child("errors") is not { ValueKind: JsonValueKind.Object } errors)
        {
            return [];
        }

        return errors.EnumerateObject().Take(20).Select(field =>
            string.Create(CultureInfo.InvariantCulture, $"{field.Name}: {(field.Value.ValueKind == JsonValueKind.Array
                ? string.Join(", ", field.Value.EnumerateArray().Select(message => message.Plain()))
                : field.Value.Plain())}"));
    }

    private static string Colon(string? detail) => detail is null ? string.Empty : ": " + detail;

    private static string Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner)
        {
            failure = inner;
        }

        return failure.Message;
    }
}
