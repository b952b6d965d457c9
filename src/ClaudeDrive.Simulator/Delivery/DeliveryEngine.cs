using ClaudeDrive.Simulator.Faults;

namespace ClaudeDrive.Simulator.Delivery;

/// <summary>Carries emitted events to the endpoint: up to three attempts each, events in parallel, faults mixed in.</summary>
internal sealed class DeliveryEngine(SimulatorWorld world, WebhookSender sender)
{
    /// <summary>How far a stale attempt lies in the past; receivers accept 300 s.</summary>
    private static readonly TimeSpan StaleBy = TimeSpan.FromHours(-1);

    /// <summary>Starts the delivery of one event. Returns at once.</summary>
    public void Start(WebhookRecord record) => world.Quiet.Start(() => DeliverAsync(record, world.Stopping));

    private async Task DeliverAsync(WebhookRecord record, CancellationToken cancellationToken)
    {
        try
        {
            await DeliverWithFaultsAsync(record, cancellationToken);
        }
        finally
        {
            record.Ended?.Invoke();
        }
    }

    private async Task DeliverWithFaultsAsync(WebhookRecord record, CancellationToken cancellationToken)
    {
        await HoldAsync(record, cancellationToken);
        await SendForgeriesAsync(record, cancellationToken);
        var duplicate = Hits(FaultName.Duplicate, record);
        var atOnce = duplicate && world.Source.Draw("duplicate-at-once", record.EventId, 0) < 0.5;
        var twin = atOnce ? SendExtraAsync(record, Genuine(FaultName.Duplicate), cancellationToken) : Task.CompletedTask;
        await AttemptAsync(record, cancellationToken);
        await twin;
        if (duplicate && !atOnce && record.Delivered)
        {
            await SendExtraAsync(record, Genuine(FaultName.Duplicate), cancellationToken);
        }
    }

    private async Task HoldAsync(WebhookRecord record, CancellationToken cancellationToken)
    {
        if (record.After is { } after)
        {
            await after.WaitAsync(cancellationToken);
        }

        var hold = TimeSpan.Zero;
        if (Hits(FaultName.Reorder, record))
        {
            hold += world.Options.ReorderHold * (0.5 + (world.Source.Draw("reorder", record.EventId, 0) / 2));
        }

        if (Hits(FaultName.Delay, record))
        {
            hold += world.Options.DelayHold;
        }

        if (hold > TimeSpan.Zero)
        {
            await Task.Delay(hold, world.Options.Clock, cancellationToken);
        }
    }

    /// <summary>Attempts a receiver must refuse; the genuine delivery follows, so nothing is lost by them.</summary>
    private async Task SendForgeriesAsync(WebhookRecord record, CancellationToken cancellationToken)
    {
        if (record.Dialect != Dialect.GuideBodyOnly && Hits(FaultName.StaleTimestamp, record))
        {
            await SendExtraAsync(record, Genuine(FaultName.StaleTimestamp) with { Shift = StaleBy }, cancellationToken);
        }

        if (Hits(FaultName.WrongSecret, record))
        {
            var plan = new SigningPlan([world.Source.NewSecret("forger:" + record.EventId, 0)], TimeSpan.Zero, FaultName.WrongSecret);
            await SendExtraAsync(record, plan, cancellationToken);
        }
    }

    private async Task AttemptAsync(WebhookRecord record, CancellationToken cancellationToken)
    {
        var twoSignatures = record.Dialect != Dialect.GuideBodyOnly && Hits(FaultName.TwoSignatures, record);
        for (var number = 1; number <= RetrySchedule.MaxAttempts; number++)
        {
            if (number > 1)
            {
                var draw = world.Source.Draw("retry", record.EventId, number);
                var wait = RetrySchedule.Before(number, draw, world.Options.RetryBaseDelay, world.Options.RetryMaxDelay);
                await Task.Delay(wait, world.Options.Clock, cancellationToken);
            }

            if (world.TargetUrl is not { } url)
            {
                break;
            }

            var attempt = world.Faults.Hits(FaultName.Drop, record.EventId, number)
                ? new DeliveryAttempt(number, world.Now, null, AttemptOutcome.Dropped, TimeSpan.Zero, FaultName.Drop)
                : await sender.SendAsync(record, url, twoSignatures ? Double() : Genuine(null), number, cancellationToken);
            world.RecordAttempt(record, attempt, genuine: true);
            if (attempt.Outcome is AttemptOutcome.Delivered)
            {
                return;
            }

            if (attempt.Outcome is AttemptOutcome.Redirected or AttemptOutcome.InvalidAddress)
            {
                break;
            }
        }

        world.RecordDropped(record);
    }

    private async Task SendExtraAsync(WebhookRecord record, SigningPlan plan, CancellationToken cancellationToken)
    {
        if (world.TargetUrl is { } url)
        {
            world.RecordAttempt(record, await sender.SendAsync(record, url, plan, 0, cancellationToken), genuine: false);
        }
    }

    private bool Hits(string fault, WebhookRecord record) => world.Faults.Hits(fault, record.EventId);

    private SigningPlan Genuine(string? fault) => new([world.CurrentSecret], TimeSpan.Zero, fault);

    private SigningPlan Double() => new([world.PreviousSecret, world.CurrentSecret], TimeSpan.Zero, FaultName.TwoSignatures);
}
