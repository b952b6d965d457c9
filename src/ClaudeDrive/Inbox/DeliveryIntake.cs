using System.Runtime.CompilerServices;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox.Spool;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Inbox;

/// <summary>
/// Makes a proven delivery durable: in the store, or while that does not commit in time, in the spool (design §2, Ingest 4). A delivery whose commit
/// timed out may be in both: the drain finds it known.
/// </summary>
internal sealed partial class DeliveryIntake(IInboxStore store, DeliverySpool spool, TimeProvider time, ILogger<DeliveryIntake> logger)
{
    private readonly CommitWait.Pool _commits = new(time);

    /// <summary>
    /// Shortest time that the spool is given for its flush. Behind it is only a refusal, so it may take longer than a commit; with the commit's default
    /// of 2 s before it, the answer still comes within half of the 15 s that Standard Webhooks recommends to senders as their shortest time-out.
    /// </summary>
    private static readonly TimeSpan SpoolTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Keeps one arrival, waiting for the store no longer than <paramref name="timeout"/>, and then for the spool no longer than that or five seconds,
    /// whichever is more. Returns
    /// <see cref="DeliveryOutcome.Accepted"/>, <see cref="DeliveryOutcome.Duplicate"/> or <see cref="DeliveryOutcome.Spooled"/> when it is durable,
    /// <see cref="DeliveryOutcome.Unavailable"/> when it may not be. Throws only what a defect of the store throws.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<DeliveryOutcome> KeepAsync(InboxArrival arrival, TimeSpan timeout)
    {
        if (spool.GoesFirst)
        {
            return await SpoolAsync(arrival, timeout, null).ConfigureAwait(false);
        }

        try
        {
            // Not bound to the sender's connection: a proven event is stored even when its sender has hung up.
            return await _commits.StoreAsync(store, arrival, timeout).ConfigureAwait(false) ? DeliveryOutcome.Accepted : DeliveryOutcome.Duplicate;
        }
        catch (DriveStoreException e)
        {
            return await SpoolAsync(arrival, timeout, e).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            spool.GoesFirst = true;
            return await SpoolAsync(arrival, timeout, e).ConfigureAwait(false);
        }
    }

    private async Task<DeliveryOutcome> SpoolAsync(InboxArrival arrival, TimeSpan timeout, Exception? reason)
    {
        var eventId = arrival.Envelope.EventId;
        var isFirst = spool.IsOn && spool.IsEmpty;
        using var giveUp = new CancellationTokenSource(timeout > SpoolTimeout ? timeout : SpoolTimeout, time);
        var outcome = await spool.AppendAsync(arrival, giveUp.Token).ConfigureAwait(false);
        if (outcome != SpoolOutcome.Written)
        {
            Log.NotKept(logger, arrival.Endpoint, eventId, outcome, reason);
            return DeliveryOutcome.Unavailable;
        }

        if (isFirst)
        {
            Log.Spooling(logger, arrival.Endpoint, eventId, reason);
        }
        else
        {
            Log.Spooled(logger, arrival.Endpoint, eventId);
        }

        return DeliveryOutcome.Spooled;
    }

    private static partial class Log
    {
        [LoggerMessage(2100, LogLevel.Warning, "The store does not commit: event {EventId} of endpoint {Endpoint} was acknowledged and waits in the spool, and so do those that follow until the store works again")]
        public static partial void Spooling(ILogger logger, string endpoint, string eventId, Exception? exception);

        [LoggerMessage(2101, LogLevel.Debug, "Event {EventId} of endpoint {Endpoint} waits in the spool")]
        public static partial void Spooled(ILogger logger, string endpoint, string eventId);

        [LoggerMessage(2109, LogLevel.Error, "Event {EventId} of endpoint {Endpoint} could not be stored, and the spool did not take it ({Outcome}); the sender was told to try again")]
        public static partial void NotKept(ILogger logger, string endpoint, string eventId, SpoolOutcome outcome, Exception? exception);
    }
}
