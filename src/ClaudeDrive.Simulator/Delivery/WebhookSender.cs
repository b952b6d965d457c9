using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using ClaudeDrive.Simulator.Ids;

namespace ClaudeDrive.Simulator.Delivery;

/// <summary>Sends one signed attempt over kept-alive connections. Never follows a redirect.</summary>
internal sealed class WebhookSender : IDisposable
{
    private readonly HttpClient _http;
    private readonly SemaphoreSlim _slots;
    private readonly SimulatorOptions _options;
    private readonly SeededSource _source;

    public WebhookSender(SimulatorOptions options, SeededSource source)
    {
        _options = options;
        _source = source;
        _slots = new SemaphoreSlim(options.DeliveryConcurrency);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            MaxConnectionsPerServer = options.DeliveryConcurrency,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>
    /// Signs <paramref name="record"/> afresh and posts it to <paramref name="url"/>; every failure is an outcome. Waits for a free slot first.
    /// Throws <see cref="OperationCanceledException"/> only when the simulator stops.
    /// </summary>
    public async Task<DeliveryAttempt> SendAsync(
        WebhookRecord record, Uri url, SigningPlan plan, int number, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            var at = _options.Clock.GetUtcNow();
            var started = _options.Clock.GetTimestamp();
            var (outcome, status) = await PostAsync(record, url, plan, at, cancellationToken);
            return new DeliveryAttempt(number, at, status, outcome, _options.Clock.GetElapsedTime(started), plan.Fault);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _slots.Dispose();
    }

    private async Task<(AttemptOutcome Outcome, int? Status)> PostAsync(
        WebhookRecord record, Uri url, SigningPlan plan, DateTimeOffset at, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(record.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        AddSignature(request, record, plan, at.Add(plan.Shift).ToUnixTimeSeconds());
        using var timeout = new CancellationTokenSource(_options.DeliveryTimeout, _options.Clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            if (!_options.AllowPrivateTarget && await IsPrivateAsync(url, linked.Token))
            {
                return (AttemptOutcome.InvalidAddress, null);
            }

            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            return (Classify((int)response.StatusCode), (int)response.StatusCode);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (AttemptOutcome.TimedOut, null);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or SocketException)
        {
            return (AttemptOutcome.ConnectionFailed, null);
        }
    }

    private static AttemptOutcome Classify(int status) => status switch
    {
        >= 200 and < 300 => AttemptOutcome.Delivered,
        >= 300 and < 400 => AttemptOutcome.Redirected,
        _ => AttemptOutcome.Refused,
    };

    private void AddSignature(HttpRequestMessage request, WebhookRecord record, SigningPlan plan, long timestamp)
    {
        if (record.Dialect == Dialect.GuideBodyOnly)
        {
            var form = _source.Pick(4, "body-signature", record.EventId, 0);
            request.Headers.TryAddWithoutValidation("X-Webhook-Signature", WebhookSignature.SignBodyOnly(plan.Secrets[^1], record.Body, form));
            return;
        }

        var names = record.Dialect == Dialect.Guide
            ? ("X-Webhook-Id", "X-Webhook-Timestamp", "X-Webhook-Signature")
            : ("webhook-id", "webhook-timestamp", "webhook-signature");
        request.Headers.TryAddWithoutValidation(names.Item1, record.EventId);
        request.Headers.TryAddWithoutValidation(names.Item2, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(
            names.Item3, string.Join(' ', plan.Secrets.Select(secret => WebhookSignature.Sign(secret, record.EventId, timestamp, record.Body))));
    }

    private static async Task<bool> IsPrivateAsync(Uri url, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(url.DnsSafeHost, cancellationToken);
        return addresses.Any(address => IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal || IsPrivate(address.MapToIPv4().GetAddressBytes()));
    }

    private static bool IsPrivate(byte[] v4) =>
        v4[0] is 10 or 127 || (v4[0] == 172 && v4[1] is >= 16 and < 32) || (v4[0] == 192 && v4[1] == 168) || (v4[0] == 169 && v4[1] == 254);
}
