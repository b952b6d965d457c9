using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Access;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Hydration;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Contexts;

/// <summary>Claims due resources, looks at the Claude API, and stores what changed. Order per resource comes from the lease: one look at a time.</summary>
internal sealed partial class HydrationWorker(
    IContextStore contexts, IInboxStore inbox, ResourceFetcher fetcher, ChangeSignal signal, WorkerContext context, ILogger<HydrationWorker> logger)
    : LeasedWorker<ResourceLease>(context.Options.Concurrency, context.Gate, context.Time, logger)
{
    private readonly HydrationOptions _options = context.Options;

    /// <inheritdoc />
    protected override long Version => inbox.WorkVersion;

    /// <inheritdoc />
    protected override ValueTask<IReadOnlyList<ResourceLease>> ClaimAsync(int max, CancellationToken cancellationToken) =>
        inbox.ClaimAsync(max, _options.Lease, cancellationToken);

    /// <inheritdoc />
    protected override ValueTask<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) => inbox.NextDueAsync(cancellationToken);

    /// <inheritdoc />
    protected override Task WaitAsync(long seen, CancellationToken cancellationToken) => inbox.WaitForWorkAsync(seen, cancellationToken);

    /// <inheritdoc />
    protected override async Task WorkAsync(ResourceLease lease, CancellationToken stoppingToken)
    {
        var started = context.Time.GetTimestamp();
        using var span = InboxSpans.Look(lease);
        string outcome;
        var keeper = new LeaseKeeper(_options.Lease, context.Time, token => inbox.RenewAsync(lease, _options.Lease, token), stoppingToken);
        await using (keeper.ConfigureAwait(false))
        {
            outcome = await LookAsync(lease, keeper.Token, stoppingToken).ConfigureAwait(false);
        }

        var elapsed = context.Time.GetElapsedTime(started);
        context.Metrics.Looked(outcome, elapsed);
        span.End(outcome, outcome is "dead" or "retry");
        Log.Looked(logger, lease.Resource.ToString(), outcome, lease.Events.Count, lease.Attempts + 1, elapsed.TotalMilliseconds);
    }

    private async Task<string> LookAsync(ResourceLease lease, CancellationToken working, CancellationToken stoppingToken)
    {
        ContextHead? head = null;
        try
        {
            head = await contexts.FindHeadAsync(Sight.Everything, lease.Resource, working).ConfigureAwait(false);
            var look = await FetchAsync(head, lease, working).ConfigureAwait(false);
            return look.TryGet(out var fetched, out var failure)
                ? await ApplyAsync(head, fetched, lease, working).ConfigureAwait(false)
                : await EndAsync(failure, head, lease, working).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (working.IsCancellationRequested)
        {
            return await GiveBackAsync(lease, stoppingToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not DriveStoreException)
        {
            // The worker's edge: what nobody foresaw must end as a dead letter that a person sees, not as work that comes back for ever.
            Log.Defect(logger, lease.Resource.ToString(), exception);
            var failure = new ApiFailure(FailureClass.Transient, "defect", exception.GetType().Name);
            return await EndAsync(failure, head, lease, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task<ApiResult<ResourceFetcher.Look>> FetchAsync(ContextHead? head, ResourceLease lease, CancellationToken working)
    {
        using var span = ContextSpans.Fetch();
        var look = await fetcher.FetchAsync(head, lease, working).ConfigureAwait(false);
        var isRead = look.TryGet(out _, out var failure);
        span.End(isRead ? "read" : failure!.Code, !isRead);
        return look;
    }

    private async Task<string> ApplyAsync(ContextHead? head, ResourceFetcher.Look look, ResourceLease lease, CancellationToken working)
    {
        var change = look.Plan(head, lease, context.Time.GetUtcNow(), context.Redactor);
        using var span = ContextSpans.Apply(change);
        var applied = await contexts.ApplyAsync(lease, change, working).ConfigureAwait(false);
        span.End(JsonNamingPolicy.SnakeCaseLower.ConvertName(applied.ToString()));
        switch (applied)
        {
            case ApplyOutcome.Applied:
                ReportRefusal(change, lease);
                context.Metrics.Redacted(change.Redactions);
                if (change.Revision is not null)
                {
                    ReportError(change, lease);
                    signal.Pulse();
                }

                return change.Revision is null ? "unchanged" : "revised";
            case ApplyOutcome.LeaseLost:
                return "lease_lost";
            default:
                // Planning again would take what the look brought for new although the other revision has it already: the look is made again.
                await inbox.ReleaseAsync(lease, working).ConfigureAwait(false);
                return "base_moved";
        }
    }

    private async Task<string> EndAsync(ApiFailure failure, ContextHead? head, ResourceLease lease, CancellationToken working)
    {
        var error = failure.ToString();
        switch (failure.Class)
        {
            case FailureClass.Gone:
                return await ApplyAsync(head, ResourceFetcher.Look.Tombstone(ContextTransitions.Gone, failure.RequestId), lease, working)
                    .ConfigureAwait(false);
            case FailureClass.Interrupted:
                throw new OperationCanceledException(working);
            case FailureClass.Wait:
                await inbox.SnoozeAsync(lease, error, failure.RetryAfter ?? _options.BaseDelay, working).ConfigureAwait(false);
                return "told_to_wait";
            case FailureClass.Transient when lease.Attempts + 1 < _options.MaxAttempts:
                var delay = RetrySchedule.Delay(lease.Attempts + 1, _options.BaseDelay, _options.MaxDelay, context.Jitter.Next());
                delay = failure.RetryAfter is { } asked && asked > delay ? asked : delay;
                await inbox.RetryAsync(lease, error, delay, working).ConfigureAwait(false);
                return "retry";
            case FailureClass.Transient or FailureClass.Permanent:
                await inbox.ParkAsync(lease, error, working).ConfigureAwait(false);
                Log.Parked(logger, lease.Resource.ToString(), lease.Attempts + 1, failure.Code);
                return "dead";
            default:
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Unknown failure class {failure.Class}."));
        }
    }

    // Our own stop gives the work back untouched; a lost lease is somebody else's already. The store call must not be cut by the same stop.
    private async Task<string> GiveBackAsync(ResourceLease lease, CancellationToken stoppingToken)
    {
        if (stoppingToken.IsCancellationRequested)
        {
            await inbox.ReleaseAsync(lease, CancellationToken.None).ConfigureAwait(false);
            return "interrupted";
        }

        return "lease_lost";
    }

    // What the event only hints at, the fetched state says: the error itself stands in the context.
    private void ReportError(ContextChange change, ResourceLease lease)
    {
        if (lease.Events.Any(static item => EventCatalog.Find(item.Envelope.EventType)?.FollowUp == FollowUp.Alert))
        {
            Log.Troubled(logger, lease.Resource.ToString(), change.Head.Status, SessionFold.Parse(change.Head.FoldJson).LastErrorType ?? "none");
        }
    }

    private void ReportRefusal(ContextChange change, ResourceLease lease)
    {
        if (change.Refusal is { } refusal)
        {
            Log.Refused(logger, lease.Resource.ToString(), refusal);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Debug, "Looked at {Resource}: {Outcome}; {Events} events, attempt {Attempt}, {DurationMs:0.0} ms")]
        public static partial void Looked(ILogger logger, string resource, string outcome, int events, int attempt, double durationMs);

        [LoggerMessage(3002, LogLevel.Warning, "Gave up on {Resource} after attempt {Attempt}: {Code}; its events are dead letters")]
        public static partial void Parked(ILogger logger, string resource, int attempt, string code);

        [LoggerMessage(3003, LogLevel.Error, "A look at {Resource} met what nobody foresaw")]
        public static partial void Defect(ILogger logger, string resource, Exception exception);

        [LoggerMessage(4002, LogLevel.Warning, "{Resource} is in trouble: it is {Status} now, its newest error is {Error}")]
        public static partial void Troubled(ILogger logger, string resource, string status, string error);

        [LoggerMessage(4001, LogLevel.Warning, "The API shows {Resource} in a state that cannot follow: {Refusal}; nothing was changed")]
        public static partial void Refused(ILogger logger, string resource, string refusal);
    }
}
