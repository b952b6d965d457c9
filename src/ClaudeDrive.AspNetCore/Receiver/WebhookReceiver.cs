using System.Runtime.CompilerServices;
using ClaudeDrive.AspNetCore.Api;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Network;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.AspNetCore.Receiver;

/// <summary>
/// Answers deliveries as the table of contract §3 says and in no other way: prove, keep, answer. Nothing happens between proving and keeping;
/// 200 is sent only after the event is durable, in the store or in the spool. Headers and bodies are never logged.
/// </summary>
internal sealed partial class WebhookReceiver(
    IEndpointDirectory endpoints, DeliveryIntake intake, ReceiptLog receipts, TimeProvider time, ILogger<WebhookReceiver> logger)
{
    /// <summary>Longest time for a body to arrive. Chosen: a body has some 300 bytes; Claude waits a few times as long.</summary>
    public static readonly TimeSpan BodyTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Bodies that are still arriving hold at most this much memory together. Chosen: a thousand bodies of the default limit.</summary>
    public const int MaxArrivingBytes = 256 * 1024 * 1024;

    /// <summary>Fewest bodies that may be arriving at once, whatever their limit: below it honest senders would push each other out.</summary>
    public const int MinArriving = 64;

    private static readonly Problem Unknown = new(404, ProblemCodes.EndpointUnknown, "There is no endpoint of this name.");

    private static readonly Problem WrongMethod = new(405, ProblemCodes.MethodNotAllowed, "Deliveries are sent with POST.");

    private static readonly Problem Compressed = Problem.BodyMalformed("Send the body as it was signed, without Content-Encoding.");

    private static readonly Problem Broken = Problem.BodyMalformed("The body broke off or came too slowly.");

    private readonly Crowd _arriving = new();

    /// <summary>Answers one request.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        var attempt = new DeliveryAttempt(context, time);
        var name = context.GetRouteValue("endpoint") as string ?? IEndpointDirectory.DefaultName;
        if (endpoints.Find(name) is not { } endpoint)
        {
            await receipts.RefuseUnrecordedAsync(attempt, Unknown);
            return;
        }

        attempt.Endpoint = endpoint.Name;
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            await receipts.RefuseUnrecordedAsync(attempt, WrongMethod);
            return;
        }

        try
        {
            await ReceiveAsync(attempt, endpoint);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The sender left before the answer was written; what was stored stays stored.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            // The edge of the endpoint: the contract knows no 500, and a retry is what we want.
            Log.Failed(logger, endpoint.Name, e);
            await receipts.RefuseAsync(attempt, Problem.StoreUnavailable, DeliveryOutcome.Unavailable);
        }
    }

    private static WebhookHeaders Headers(IHeaderDictionary headers, string prefix) =>
        new(headers[prefix + "-Id"], headers[prefix + "-Timestamp"], headers[prefix + "-Signature"]);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReceiveAsync(DeliveryAttempt attempt, WebhookEndpoint endpoint)
    {
        var request = attempt.Context.Request;
        if (request.Headers.ContentEncoding.Count > 0)
        {
            await receipts.RefuseUnreadAsync(attempt, Compressed);
            return;
        }

        var end = await ReadAsync(attempt, endpoint.Limits.MaxBodyBytes);
        switch (end)
        {
            case BodyEnd.TooLarge:
                await receipts.RefuseUnreadAsync(attempt, new Problem(
                    413, ProblemCodes.BodyTooLarge, $"The body must not exceed {endpoint.Limits.MaxBodyBytes} bytes."));
                return;
            case BodyEnd.Broken or BodyEnd.Gone:
                await receipts.RefuseUnreadAsync(attempt, Broken);
                return;
        }

        var verdict = endpoint.Verifier.Verify(
            new WebhookRequest
            {
                Endpoint = endpoint.Name,
                Standard = Headers(request.Headers, "Webhook"),
                Guide = Headers(request.Headers, "X-Webhook"),
                Body = attempt.Body,
                ReceivedAt = attempt.ReceivedAt,
                RemoteIp = attempt.RemoteIp,
            },
            endpoint.Secrets.Span);
        if (!verdict.IsVerified)
        {
            await receipts.RefuseAsync(attempt, new Problem(400, verdict.Rejection.Code, verdict.Rejection.Detail), DeliveryOutcome.Rejected);
            return;
        }

        // First to the store, which begins at once: nothing stands between proof and commit.
        var storing = StoreAsync(attempt, endpoint, verdict.Delivery);
        IConnectionStanding.Prove(attempt.Context);
        await storing;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<BodyEnd> ReadAsync(DeliveryAttempt attempt, int maxBytes)
    {
        var context = attempt.Context;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            // The time limit below is the one that answers; the server's own would answer 408.
            rate.MinDataRate = null;
        }

        if (BodyReader.TryRead(context.Request, maxBytes, out var whole))
        {
            attempt.Body = whole;
            return BodyEnd.Complete;
        }

        using var timeout = new CancellationTokenSource(BodyTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        var reading = BodyReader.ReadAsync(context.Request, maxBytes, either.Token);
        if (!reading.IsCompleted)
        {
            // Only a body that is waited for counts: what is here is proven or refused at once.
            var most = Math.Max(MinArriving, MaxArrivingBytes / maxBytes);
            using var waiting = _arriving.Enter(SourceGroup.Of(attempt.Remote), most, context.Abort);
            await reading;
        }

        (attempt.Body, var end) = await reading;
        return end;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask StoreAsync(DeliveryAttempt attempt, WebhookEndpoint endpoint, VerifiedDelivery delivery)
    {
        var arrival = new InboxArrival
        {
            Endpoint = endpoint.Name,
            Envelope = delivery.Envelope,
            Body = attempt.Body,
            ReceivedAt = attempt.ReceivedAt,
            Delivery = new DeliveryFacts(attempt.RemoteIp, attempt.Body.Length, delivery.SecretId, attempt.Elapsed),
        };

        using var span = InboxSpans.Deliver(arrival);
        var outcome = await intake.KeepAsync(arrival, endpoint.Limits.CommitTimeout);
        span.End(DeliveryMetrics.Name(outcome), outcome == DeliveryOutcome.Unavailable);
        if (outcome == DeliveryOutcome.Unavailable)
        {
            attempt.EventId = delivery.Envelope.EventId;
            attempt.SecretId = delivery.SecretId;
            await receipts.RefuseAsync(attempt, Problem.StoreUnavailable, outcome);
            return;
        }

        await receipts.AcknowledgeAsync(attempt, delivery.Envelope.EventId, outcome);
    }

    private static partial class Log
    {
        [LoggerMessage(1011, LogLevel.Error, "A delivery to endpoint {Endpoint} failed unexpectedly; the sender was told to try again.")]
        public static partial void Failed(ILogger logger, string endpoint, Exception exception);
    }
}
