using System.Net;
using System.Text;

namespace ClaudeDrive.Tests.Fakes;

/// <summary>The network below the SDK: answers by a function and remembers every request that was really sent.</summary>
internal sealed class ScriptedTransport(Func<SentRequest, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    private readonly Lock _lock = new();
    private readonly List<SentRequest> _sent = [];

    public ScriptedTransport(Func<SentRequest, HttpResponseMessage> answer)
        : this((request, _) => Task.FromResult(answer(request)))
    {
    }

    public IReadOnlyList<SentRequest> Sent
    {
        get
        {
            lock (_lock)
            {
                return [.. _sent];
            }
        }
    }

    public static HttpResponseMessage Json(string body, int status = 200, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    public static HttpResponseMessage Error(int status, string? retryAfter = null, string message = "told") => Json(
        $$"""{"type":"error","error":{"type":"some_error","message":"{{message}}"},"request_id":"req_e"}""",
        status,
        retryAfter is null ? [("request-id", "req_e")] : [("request-id", "req_e"), ("retry-after", retryAfter)]);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var headers = request.Headers.ToDictionary(static pair => pair.Key, static pair => string.Join(",", pair.Value), StringComparer.OrdinalIgnoreCase);
        var sent = new SentRequest(request.Method.Method, request.RequestUri!.AbsolutePath, Uri.UnescapeDataString(request.RequestUri.Query), headers, body);
        lock (_lock)
        {
            _sent.Add(sent);
        }

        var response = await answer(sent, cancellationToken);
        response.RequestMessage = request;
        return response;
    }
}

/// <summary>One request as it left; the query unescaped.</summary>
internal sealed record SentRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
