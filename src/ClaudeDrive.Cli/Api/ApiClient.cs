using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ClaudeDrive.Cli.Api;

/// <summary>
/// The server's HTTP API. Every failure is a <see cref="CliException"/> that says what to do. Redirects are not followed,
/// so the key reaches only the address the user gave. Answers over 64 MiB and waits over 30 seconds are refused.
/// </summary>
internal sealed class ApiClient : IDisposable
{
    private const int LargestAnswer = 64 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 256 };

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    public ApiClient(ServerAddress address, TimeProvider time)
    {
        Address = address;
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !address.Url.IsLoopback,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            AutomaticDecompression = DecompressionMethods.All,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("claudedrive", "0.1.0"));
        if (address.ApiKey is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", address.ApiKey);
        }
    }

    public ServerAddress Address { get; }

    public Task<ApiDocument> GetAsync(string target, CancellationToken cancellationToken)
    {
        return SendAsync(HttpMethod.Get, target, body: null, [], cancellationToken);
    }

    /// <summary>As above, but this one status other than success is an answer too.</summary>
    public Task<ApiDocument> GetAsync(string target, HttpStatusCode alsoFine, CancellationToken cancellationToken)
    {
        return SendAsync(HttpMethod.Get, target, body: null, [alsoFine], cancellationToken);
    }

    public Task<ApiDocument> PostAsync(string target, string jsonBody, CancellationToken cancellationToken)
    {
        return SendAsync(HttpMethod.Post, target, jsonBody, [], cancellationToken);
    }

    public Task<ApiDocument> DeleteAsync(string target, CancellationToken cancellationToken)
    {
        return SendAsync(HttpMethod.Delete, target, body: null, [], cancellationToken);
    }

    /// <summary>Opens a stream of server-sent events, or of lines. The caller disposes the response.</summary>
    public async Task<HttpResponseMessage> OpenStreamAsync(string target, string? lastEventId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, AbsoluteUrl(target));
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        if (!string.IsNullOrEmpty(lastEventId))
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        using var limit = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode)
            {
                using (response)
                {
                    var text = await ReadTextAsync(response, either.Token);
                    throw Refusals.From(response, text, Address);
                }
            }

            return response;
        }
        catch (HttpRequestException failure)
        {
            throw Refusals.NoAnswer(failure, Address);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Refusals.TooSlow(Address, Patience);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<ApiDocument> SendAsync(
        HttpMethod method, string target, string? body, HttpStatusCode[] alsoFine, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, AbsoluteUrl(target));
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("application/problem+json");
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var limit = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var text = await ReadTextAsync(response, either.Token);
            if (!response.IsSuccessStatusCode && !alsoFine.Contains(response.StatusCode))
            {
                throw Refusals.From(response, text, Address);
            }

            return Parse(response, text);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw Refusals.NoAnswer(failure, Address);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Refusals.TooSlow(Address, Patience);
        }
    }

    private Uri AbsoluteUrl(string target) => new(Address + "/" + target);

    private ApiDocument Parse(HttpResponseMessage response, string text)
    {
        if (text.Length == 0)
        {
            text = "{}";
        }

        try
        {
            using var document = JsonDocument.Parse(text, Reading);
            return new ApiDocument(response.StatusCode, text, document.RootElement.Clone());
        }
        catch (JsonException)
        {
            throw Refusals.NotJson(response, Address);
        }
    }

    private async Task<string> ReadTextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var read = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await stream.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            if (read.Length + count > LargestAnswer)
            {
                throw new CliException($"the answer of {Address} is larger than {LargestAnswer / 1024 / 1024} MiB")
                {
                    NextStep = "ask for less: a smaller --limit, or narrower filters",
                };
            }

            await read.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }

        return Encoding.UTF8.GetString(read.GetBuffer(), 0, (int)read.Length);
    }
}
