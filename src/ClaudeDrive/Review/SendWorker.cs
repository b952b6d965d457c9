using System.Text.Json;
using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Hydration;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Review;

/// <summary>
/// Sends answers, each exactly once (invariant 5). Claude has no idempotency key: before a second try the session's user events are read back. A
/// try is durable in the store before it is made, so a crash at any point ends in a read-back, never in a blind repeat.
/// </summary>
internal sealed partial class SendWorker(
    IReviewStore reviews, IContextStore contexts, ClaudeApi api, WorkerContext context, ILogger<SendWorker> logger)
    : LeasedWorker<SendLease>(Concurrency, context.Gate, context.Time, logger)
{
    /// <summary>Answers sent at the same time. People answer slowly: chosen.</summary>
    private const int Concurrency = 4;

    /// <summary>Wait after an answer that no retry will cure but a person can (a refused key): the answer stays. Chosen.</summary>
    private static readonly TimeSpan ConfigurationPause = TimeSpan.FromMinutes(1);

    // Long enough for a read-back and a send that both take all the time they may.
    private TimeSpan LeaseFor => (2 * context.Options.RequestTimeout) + context.Options.Lease;

    /// <inheritdoc />
    protected override long Version => reviews.SendVersion;

    /// <inheritdoc />
    protected override ValueTask<IReadOnlyList<SendLease>> ClaimAsync(int max, CancellationToken cancellationToken) =>
        reviews.ClaimSendsAsync(max, LeaseFor, cancellationToken);

    /// <inheritdoc />
    protected override ValueTask<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) => reviews.NextSendDueAsync(cancellationToken);

    /// <inheritdoc />
    protected override Task WaitAsync(long seen, CancellationToken cancellationToken) => reviews.WaitForSendsAsync(seen, cancellationToken);

    /// <inheritdoc />
    protected override async Task WorkAsync(SendLease lease, CancellationToken stoppingToken)
    {
        using var span = SendSpan.Start(lease);
        SendEnding ending;
        try
        {
            // Beyond this instant a send could outlive the lease, and another worker begin the same.
            var sendBefore = context.Time.GetUtcNow() + LeaseFor - context.Options.RequestTimeout;
            ending = await TryAsync(lease, sendBefore, stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            ending = NotTried(lease, "stopping");
        }

        // What Claude did must be recorded even while we stop.
        await reviews.EndSendAsync(lease, ending, CancellationToken.None).ConfigureAwait(false);
        var outcome = JsonNamingPolicy.SnakeCaseLower.ConvertName(ending.To.ToString());
        context.Metrics.Sent(outcome);
        span.End(outcome, ending.To is not (ReviewState.Resumed or ReviewState.ClosedElsewhere));
        Log.Sent(logger, lease.Item.ReviewId, lease.Item.SessionId, ending.To, lease.Item.SendAttempts, ending.Problem);
    }

    private async Task<SendEnding> TryAsync(SendLease lease, DateTimeOffset sendBefore, CancellationToken stoppingToken)
    {
        if (AnswerEvent.Problem(lease.Item) is { } problem)
        {
            return new SendEnding(ReviewState.Open, Problem: problem);
        }

        var head = await contexts.FindHeadAsync(Sight.Everything, ResourceKey.Session(lease.Item.SessionId), stoppingToken).ConfigureAwait(false);
        if (head?.Status is ContextTransitions.Deleted or ContextTransitions.Gone)
        {
            return new SendEnding(ReviewState.Cancelled, Problem: $"session_{head.Status}: the session is no longer there");
        }

        var stillWaits = head?.Blockers.Any(blocker => blocker.BlockingEventId == lease.Item.Blocker.BlockingEventId) ?? true;
        if (AnswerEvent.TypeOf(lease.Item) == "budget")
        {
            return stillWaits || lease.MustVerify
                ? await UpdateBudgetAsync(lease, stoppingToken).ConfigureAwait(false)
                : MovedOn();
        }

        if (lease.MustVerify || !stillWaits)
        {
            var read = await ReadBackAsync(lease, stoppingToken).ConfigureAwait(false);
            if (!read.TryGet(out var found, out var failure))
            {
                return NotRead(lease, failure);
            }

            if (found.Answer is { } answer)
            {
                return answer.IsOurs && lease.MustVerify
                    ? new SendEnding(ReviewState.Resumed, answer.EventId)
                    : Elsewhere(answer.EventId);
            }

            if (!stillWaits)
            {
                return MovedOn();
            }
        }

        return context.Time.GetUtcNow() < sendBefore
            ? await SendAsync(lease, stoppingToken).ConfigureAwait(false)
            : NotTried(lease, "lease_short: reading back took too long to send safely");
    }

    private async Task<SendEnding> SendAsync(SendLease lease, CancellationToken stoppingToken)
    {
        var sent = await api.SendEventAsync(lease.Item.SessionId, AnswerEvent.Create(lease.Item), stoppingToken).ConfigureAwait(false);
        return sent.TryGet(out var echo, out var failure)
            ? new SendEnding(ReviewState.Resumed, EchoId(echo))
            : await AfterFailureAsync(lease, failure, stoppingToken).ConfigureAwait(false);
    }

    private async Task<SendEnding> UpdateBudgetAsync(SendLease lease, CancellationToken stoppingToken)
    {
        // Setting a budget twice is setting it once: no read-back is needed.
        var updated = await api.UpdateBudgetAsync(lease.Item.SessionId, AnswerEvent.Budget(lease.Item), stoppingToken).ConfigureAwait(false);
        return updated.TryGet(out _, out var failure)
            ? new SendEnding(ReviewState.Resumed)
            : await AfterFailureAsync(lease, failure, stoppingToken).ConfigureAwait(false);
    }

    private async Task<SendEnding> AfterFailureAsync(SendLease lease, ApiFailure failure, CancellationToken stoppingToken)
    {
        var problem = failure.ToString();
        switch (failure.Class)
        {
            case FailureClass.Gone:
                return new SendEnding(ReviewState.Cancelled, Problem: problem);
            case FailureClass.Permanent when failure.Code is "http_401" or "http_402" or "http_403" or "spend_limit":
                return new SendEnding(Later(lease), Problem: problem, Delay: ConfigurationPause);
            case FailureClass.Permanent:
                return await AfterRefusalAsync(lease, problem, stoppingToken).ConfigureAwait(false);
            case FailureClass.Wait or FailureClass.Transient or FailureClass.Interrupted:
                return new SendEnding(
                    failure.MayHaveActed ? ReviewState.Verifying : Later(lease), Problem: problem, Delay: DelayOf(lease, failure));
            default:
                throw new InvalidOperationException($"Unknown failure class {failure.Class}.");
        }
    }

    // A 400 says that Claude does not wait for this answer, or not in this form. Which, only the event list tells.
    private async Task<SendEnding> AfterRefusalAsync(SendLease lease, string problem, CancellationToken stoppingToken)
    {
        if (AnswerEvent.TypeOf(lease.Item) == "budget")
        {
            return new SendEnding(ReviewState.Open, Problem: problem);
        }

        var read = await ReadBackAsync(lease, stoppingToken).ConfigureAwait(false);
        if (!read.TryGet(out var found, out var failure))
        {
            return NotRead(lease, failure);
        }

        return found.Answer switch
        {
            null => new SendEnding(ReviewState.Open, Problem: problem),
            { IsOurs: true } answer when lease.MustVerify => new SendEnding(ReviewState.Resumed, answer.EventId),
            var answer => Elsewhere(answer.EventId),
        };
    }

    private async Task<ApiResult<Back>> ReadBackAsync(SendLease lease, CancellationToken stoppingToken)
    {
        var listed = await api.ListEventsAsync(lease.Item.SessionId, null, AnswerEvent.Types, WorkLane.Waiting, stoppingToken).ConfigureAwait(false);
        if (!listed.TryGet(out var events, out var failure))
        {
            return failure;
        }

        var old = await OldUserEventsAsync(lease, stoppingToken).ConfigureAwait(false);
        return new Back(AnswerEvent.Find(lease.Item, events.Items, old.Contains));
    }

    private async Task<HashSet<string>> OldUserEventsAsync(SendLease lease, CancellationToken stoppingToken)
    {
        HashSet<string> old = new(StringComparer.Ordinal);
        long? skip = null;
        do
        {
            var page = await contexts.ListTranscriptAsync(Sight.Everything, lease.Item.SessionId, new PageRequest(PageRequest.MaxLimit, skip), stoppingToken)
                .ConfigureAwait(false);
            old.UnionWith(page.Items.Where(item => item.FirstRevision <= lease.AnsweredRevision).Select(static item => item.EventId));
            skip = page.Next;
        }
        while (skip is not null);
        return old;
    }

    private SendEnding NotRead(SendLease lease, ApiFailure failure) => failure.Class switch
    {
        FailureClass.Gone => new SendEnding(ReviewState.Cancelled, Problem: failure.ToString()),
        _ => new SendEnding(Later(lease), Problem: failure.ToString(), Delay: DelayOf(lease, failure)),
    };

    private TimeSpan DelayOf(SendLease lease, ApiFailure failure)
    {
        if (failure.Class is FailureClass.Interrupted)
        {
            return TimeSpan.Zero;
        }

        var delay = RetrySchedule.Delay(
            Math.Max(1, lease.Item.SendAttempts), context.Options.BaseDelay, context.Options.MaxDelay, context.Jitter.Next());
        return failure.RetryAfter is { } asked && asked > delay ? asked : delay;
    }

    private static SendEnding NotTried(SendLease lease, string problem) => new(Later(lease), Problem: problem);

    // This try surely sent nothing that Claude took; an earlier one may have, or may still arrive.
    private static ReviewState Later(SendLease lease) => lease.MustVerify ? ReviewState.Verifying : ReviewState.Answered;

    private static SendEnding Elsewhere(string eventId) =>
        new(ReviewState.ClosedElsewhere, eventId, "answered_elsewhere: Claude already has an answer that is not this one");

    private static SendEnding MovedOn() =>
        new(ReviewState.ClosedElsewhere, Problem: "session_moved_on: the session no longer waits for this answer, so it was not sent");

    private static string? EchoId(ApiObject echo)
    {
        using var document = ApiJson.Parse(echo.Json);
        var data = SessionEventReader.Child(document.RootElement, "data");
        return data.ValueKind is JsonValueKind.Array && data.GetArrayLength() > 0 ? SessionEventReader.Text(data[0], "id") : null;
    }

    private sealed record Back(AnswerEvent.FoundAnswer? Answer);

    private static partial class Log
    {
        [LoggerMessage(5001, LogLevel.Information, "Answer of {ReviewId} for {SessionId}: {Outcome} at try {Attempt} {Problem}")]
        public static partial void Sent(ILogger logger, string reviewId, string sessionId, ReviewState outcome, int attempt, string? problem);
    }
}
