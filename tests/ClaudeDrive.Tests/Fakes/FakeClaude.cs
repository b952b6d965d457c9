using System.Text.Json;
using System.Web;
using ClaudeDrive.Contexts;
using Microsoft.Extensions.Time.Testing;

namespace ClaudeDrive.Tests.Fakes;

/// <summary>The Claude API as far as the engine uses it, over <see cref="ScriptedTransport"/>, with faults by request.</summary>
internal sealed class FakeClaude
{
    private readonly FakeTimeProvider _time;
    private int _requests;

    public FakeClaude(FakeTimeProvider time)
    {
        _time = time;
        Transport = new ScriptedTransport(AnswerAsync);
    }

    public ScriptedTransport Transport { get; }

    public Dictionary<string, FakeSession> Sessions { get; } = new(StringComparer.Ordinal);

    /// <summary>Other resources by path.</summary>
    public Dictionary<string, string> Resources { get; } = new(StringComparer.Ordinal);

    /// <summary>What goes wrong with a request; null: nothing.</summary>
    public Func<SentRequest, Fault?> Faults { get; set; } = static _ => null;

    /// <summary>Called before each answer.</summary>
    public Func<SentRequest, CancellationToken, Task> Before { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>False: lists of events ignore <c>created_at[gte]</c>.</summary>
    public bool FiltersByTime { get; set; } = true;

    public int Posts => Transport.Sent.Count(static request => request.Method == "POST");

    public int Gets => Transport.Sent.Count(static request => request.Method == "GET");

    public FakeSession Session(string id = "sesn_1")
    {
        if (!Sessions.TryGetValue(id, out var session))
        {
            Sessions.Add(id, session = new FakeSession(id, _time));
        }

        return session;
    }

    private async Task<HttpResponseMessage> AnswerAsync(SentRequest request, CancellationToken cancellationToken)
    {
        await Before(request, cancellationToken);
        var fault = Faults(request);
        if (fault is { HasActed: false })
        {
            return fault.Answer();
        }

        var (status, body) = Act(request);
        return fault?.Answer() ?? ScriptedTransport.Json(body, status, ("request-id", $"req_{++_requests}"));
    }

    private (int Status, string Body) Act(SentRequest request)
    {
        var parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (Resources.TryGetValue(request.Path, out var resource))
        {
            return (200, resource);
        }

        if (parts is ["v1", "sessions"])
        {
            return (200, $$"""{"data":[{{string.Join(',', Sessions.Values.Select(static session => session.Json()))}}],"next_page":null}""");
        }

        if (parts.Length < 3 || parts[1] != "sessions" || !Sessions.TryGetValue(Uri.UnescapeDataString(parts[2]), out var found))
        {
            return Error(404, "not_found_error");
        }

        return (request.Method, parts.Length) switch
        {
            ("GET", 3) => (200, found.Json()),
            ("GET", 4) => (200, List(found, request)),
            ("POST", 4) => Post(found, request),
            ("POST", 3) => Update(found, request),
            _ => Error(404, "not_found_error"),
        };
    }

    private string List(FakeSession session, SentRequest request)
    {
        var query = HttpUtility.ParseQueryString(request.Query.Replace("+", "%2b", StringComparison.Ordinal));
        var types = query.GetValues("types[]");
        var since = FiltersByTime && query["created_at[gte]"] is { } text ? DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : DateTimeOffset.MinValue;
        var events = session.Events
            .Where(item => types is null || types.Contains(SessionEventReader.Text(item, "type")))
            .Where(item => SessionEventReader.Instant(item, "processed_at") is not { } at || at >= since)
            .OrderBy(static item => SessionEventReader.Instant(item, "processed_at") ?? DateTimeOffset.MaxValue);
        return $$"""{"data":[{{string.Join(',', events.Select(static item => item.GetRawText()))}}],"next_page":null}""";
    }

    private static (int Status, string Body) Post(FakeSession session, SentRequest request)
    {
        using var body = JsonDocument.Parse(request.Body);
        return session.Take(body.RootElement.GetProperty("events")[0].Clone()) is { } taken
            ? (200, $$"""{"data":[{{taken.GetRawText()}}]}""")
            : Error(400, "invalid_request_error");
    }

    private static (int Status, string Body) Update(FakeSession session, SentRequest request)
    {
        using var body = JsonDocument.Parse(request.Body);
        session.SetBudget(body.RootElement.GetProperty("budget").GetRawText());
        return (200, session.Json());
    }

    private static (int Status, string Body) Error(int status, string type) =>
        (status, $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"told"} }""");
}

/// <summary>Something that goes wrong, before or after Claude acted on the request.</summary>
internal sealed record Fault(bool HasActed, Func<HttpResponseMessage> Answer)
{
    public static Fault Status(int status, string? retryAfter = null) => new(false, () => ScriptedTransport.Error(status, retryAfter));

    public static Fault StatusAfter(int status) => new(true, () => ScriptedTransport.Error(status));

    public static Fault Lost(bool hasActed) => new(hasActed, static () => throw new HttpRequestException("the connection was reset"));

    public static Fault Slow(bool hasActed) => new(hasActed, static () => throw new TaskCanceledException("slow", new TimeoutException()));

    public static Fault Cut(bool hasActed) => new(hasActed, static () => ScriptedTransport.Json("{\"data\":["));
}
