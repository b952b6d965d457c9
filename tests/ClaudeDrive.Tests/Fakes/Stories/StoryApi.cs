using System.Globalization;
using System.Text.Json;
using System.Web;

namespace ClaudeDrive.Tests.Fakes.Stories;

/// <summary>The Claude API with one story on it, read through what a pass meets.</summary>
internal sealed class StoryApi(Story story)
{
    private const string Gone = """{"type":"error","error":{"type":"not_found_error","message":"told"} }""";

    private int _requests;

    /// <summary>Milliseconds after the start.</summary>
    public long Now { get; set; }

    /// <summary>What the present pass meets.</summary>
    public Pass Pass { get; set; } = Pass.Fresh;

    public HttpResponseMessage Answer(SentRequest request)
    {
        var isList = request.Path.EndsWith("/events", StringComparison.Ordinal);
        var requestId = FormattableString.Invariant($"req_{++_requests}");
        return (Pass.Trouble, isList) switch
        {
            (Trouble.ObjectFails, false) or (Trouble.ListFails, true) => ScriptedTransport.Error(500),
            (Trouble.Overloaded, _) => ScriptedTransport.Error(529),
            (Trouble.ListCut, true) => ScriptedTransport.Json("{\"data\":[{\"id\":\"sevt_"),
            (Trouble.NotFound, false) => ScriptedTransport.Json(Gone, 404, ("request-id", requestId)),
            (_, true) => List(Now - Pass.ListLag, Since(request), requestId),
            _ => Object(Now - Pass.ObjectLag, requestId),
        };
    }

    private HttpResponseMessage Object(long at, string requestId) => story.ObjectAt(at) is { } found
        ? ScriptedTransport.Json(found.GetRawText(), 200, ("request-id", requestId))
        : ScriptedTransport.Json(Gone, 404, ("request-id", requestId));

    private HttpResponseMessage List(long at, DateTimeOffset since, string requestId) => at >= story.DeletedAt
        ? ScriptedTransport.Json(Gone, 404, ("request-id", requestId))
        : ScriptedTransport.Json(
            $$"""{"data":[{{string.Join(',', story.EventsAt(at, since).Select(static item => item.GetRawText()))}}],"next_page":null}""",
            200,
            ("request-id", requestId));

    private static DateTimeOffset Since(SentRequest request) =>
        HttpUtility.ParseQueryString(request.Query.Replace("+", "%2b", StringComparison.Ordinal))["created_at[gte]"] is { } text
            ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture)
            : DateTimeOffset.MinValue;
}
