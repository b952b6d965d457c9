using ClaudeDrive.SecretScan;

namespace ClaudeDrive.Server.Tests.Running;

/// <summary>Hands every answer of the server, head and body, to what is scanned for secrets. Streams are left alone: they have no end.</summary>
internal sealed class AnswerWitness(HttpMessageHandler server) : DelegatingHandler(server)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (SuiteOutput.IsCollected && !ShowsAKey(request) && response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            SuiteOutput.Write("answers", $"{response.StatusCode}\n{response.Headers}{response.Content.Headers}\n{await response.Content.ReadAsStringAsync(cancellationToken)}\n");
        }

        return response;
    }

    // A key that was just made is shown, this once.
    private static bool ShowsAKey(HttpRequestMessage request) => request.Method == HttpMethod.Post && request.RequestUri?.OriginalString.EndsWith("/keys", StringComparison.Ordinal) == true;
}
