using System.Globalization;
using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Hosting;
using ClaudeDrive.Hydration;
using ClaudeDrive.Inbox;
using ClaudeDrive.Inbox.Spool;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;
using ClaudeDrive.Storage;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Numbers, and who calls.</summary>
internal sealed class StatsRoutes(IDriveStore store, DeliverySpool spool, RetentionStatus retention, ClaudeDriveMetrics metrics, TimeProvider time)
{
    private static readonly TimeSpan MaxWindow = TimeSpan.FromDays(31);

    public void Map(ApiRoutes routes)
    {
        routes.Get("stats", CallerRole.Viewer, ShowAsync)
            .Describe("showStats", "stats", "Numbers at this moment; deliveries within the window.")
            .Query("window", "Seconds, or a number with s, m, h or d; default 1h, at most 31d.").Returns<StatsDto>().Refuses(400);
        routes.Get("me", CallerRole.Viewer, MeAsync)
            .Describe("showMe", "me", "Who the key belongs to, and what it may do.").Returns<MeDto>();
    }

    private static Task<ApiReply> MeAsync(HttpContext context) =>
        Task.FromResult(ApiReply.Ok(MeDto.Of(CallerFeature.Of(context)), ApiJson.Default.MeDto));

    private static TimeSpan? Window(string? text)
    {
        if (text is null)
        {
            return TimeSpan.FromHours(1);
        }

        var unit = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 };
        var digits = unit == 0 ? text : text[..^1];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count > 0 && count <= MaxWindow.TotalSeconds / Math.Max(unit, 1)
            ? TimeSpan.FromSeconds(count * Math.Max(unit, 1))
            : null;
    }

    private async Task<ApiReply> ShowAsync(HttpContext context)
    {
        var query = new ListQuery(context.Request, "stats");
        var text = query.Text("window");
        if (query.Problem is { } problem)
        {
            return problem;
        }

        if (Window(text) is not { } window)
        {
            return Problem.BadParameter("window", "The value must be seconds, or a number with s, m, h or d, up to 31 days.");
        }

        var sight = CallerFeature.SightOf(context);
        var inbox = await store.CountAsync(sight, time.GetUtcNow() - window, context.RequestAborted);
        var contexts = await store.CountContextsAsync(sight, context.RequestAborted);
        var reviews = await store.CountReviewsAsync(sight, context.RequestAborted);
        var sessions = contexts.ByType.GetValueOrDefault(ResourceKey.SessionType);
        return ApiReply.Ok(
            new StatsDto
            {
                WindowSeconds = (long)window.TotalSeconds,
                Events = Events(inbox.Events),
                Deliveries = Deliveries(inbox.Deliveries),
                Work = new WorkStatsDto(inbox.Due, inbox.Leased, inbox.OldestDue?.TotalSeconds),
                Api = sight.IsEverything ? Api() : null,
                Contexts = new ContextStatsDto(sessions, contexts.ByType.Values.Sum() - sessions, contexts.Revisions),
                Reviews = Reviews(reviews),
                Spool = sight.IsEverything ? Spool(spool.ReadStatus()) : null,
                Retention = sight.IsEverything ? Retention() : null,
            },
            ApiJson.Default.StatsDto);
    }

    private ApiStatsDto Api() => new(metrics.Reads, metrics.ReadsPerWebhook is { } ratio ? Math.Round(ratio, 3) : null);

    private RetentionStatsDto Retention() => new(
        retention.Options.Events?.TotalSeconds,
        retention.Options.Deliveries?.TotalSeconds,
        retention.Last is { } pass ? new RetentionPassDto(pass.FinishedAt, pass.Events, pass.Deliveries) : null);

    private SpoolStatsDto Spool(SpoolStatus status) => new(
        status.Records,
        status.Bytes,
        status.OldestReceivedAt is { } oldest ? Math.Round(Math.Max(0, (time.GetUtcNow() - oldest).TotalSeconds), 3) : null);

    private static EventStatsDto Events(IReadOnlyDictionary<EventState, long> n) => new(
        n.Values.Sum(),
        n.GetValueOrDefault(EventState.Pending),
        n.GetValueOrDefault(EventState.Applied),
        n.GetValueOrDefault(EventState.Superseded),
        n.GetValueOrDefault(EventState.Dead),
        n.GetValueOrDefault(EventState.Covered),
        n.GetValueOrDefault(EventState.Discarded));

    private static DeliveryStatsDto Deliveries(IReadOnlyDictionary<DeliveryOutcome, long> n) => new(
        n.GetValueOrDefault(DeliveryOutcome.Accepted),
        n.GetValueOrDefault(DeliveryOutcome.Duplicate),
        n.GetValueOrDefault(DeliveryOutcome.Spooled),
        n.GetValueOrDefault(DeliveryOutcome.Rejected),
        n.GetValueOrDefault(DeliveryOutcome.Unavailable));

    private static ReviewStatsDto Reviews(IReadOnlyDictionary<ReviewState, long> n) => new(
        n.GetValueOrDefault(ReviewState.Open),
        n.GetValueOrDefault(ReviewState.Claimed),
        n.GetValueOrDefault(ReviewState.Answered),
        n.GetValueOrDefault(ReviewState.Sending),
        n.GetValueOrDefault(ReviewState.Verifying),
        n.GetValueOrDefault(ReviewState.Resumed),
        n.GetValueOrDefault(ReviewState.ClosedElsewhere),
        n.GetValueOrDefault(ReviewState.Cancelled),
        n.GetValueOrDefault(ReviewState.Expired));
}
