using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Chaos.Front;

/// <summary>
/// The load balancer between the sender and the nodes. A node that refuses the connection costs nothing: the next one is tried. A node's answer is
/// passed on as it is, whatever it says. When a request was sent and no answer came, or no node is there, the sender sees its connection end: no
/// status is ever made up here, so each one in the ledger is a node's own.
/// </summary>
internal sealed class FrontDoor : IAsyncDisposable
{
    /// <summary>Headers of one connection only, RFC 9110 section 7.6.1, and those that the client sets by itself.</summary>
    private static readonly string[] NotPassed = ["Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "TE", "Host", "Content-Length"];

    private readonly WebApplication _app;
    private readonly HttpClient _http;
    private readonly Rotation _rotation;
    private long _unanswered;

    private FrontDoor(Rotation rotation)
    {
        _rotation = rotation;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(1),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // The sender's own patience ends the request.
        };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(PassAsync);
    }

    /// <summary>Requests that ended without any node's answer.</summary>
    public long Unanswered => Interlocked.Read(ref _unanswered);

    /// <summary>Where the sender delivers to.</summary>
    public Uri Url => new(_app.Urls.First());

    /// <summary>Begins to listen.</summary>
    public static async Task<FrontDoor> StartAsync(Rotation rotation, CancellationToken cancellationToken)
    {
        var door = new FrontDoor(rotation);
        await door._app.StartAsync(cancellationToken);
        return door;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var bytes = body.ToArray();
        foreach (var node in _rotation.Next())
        {
            try
            {
                using var request = Copy(context.Request, node, bytes);
                using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, context.RequestAborted);
                await AnswerAsync(context, answer);
                return;
            }
            catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError)
            {
                // Nothing was sent: the next node may have it.
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
            {
                break; // It may have been taken: sending it to another node is the sender's decision.
            }
        }

        Interlocked.Increment(ref _unanswered);
        context.Abort();
    }

    private static HttpRequestMessage Copy(HttpRequest from, Uri node, byte[] body)
    {
        var request = new HttpRequestMessage(new HttpMethod(from.Method), new Uri(node, from.Path + from.QueryString)) { Content = new ByteArrayContent(body) };
        foreach (var (name, values) in from.Headers.Where(static header => !NotPassed.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        return request;
    }

    private static async Task AnswerAsync(HttpContext context, HttpResponseMessage answer)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers)
            .Where(static header => !NotPassed.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await context.Response.Body.WriteAsync(await answer.Content.ReadAsByteArrayAsync(context.RequestAborted), context.RequestAborted);
    }
}
