using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Simulator;

namespace ClaudeDrive.Cli.Demo;

/// <summary>Turns what the simulator reports and what the server streams into happenings for a person. Loses nothing that matters if it is slow.</summary>
internal sealed class DemoWatcher(DemoReporter reporter, Func<string, string?, string> answerCommand) : IProgress<SimulatorEvent>
{
    private readonly ConcurrentDictionary<string, int> _successes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _newest = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _announced = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public void Report(SimulatorEvent value)
    {
        switch (value.Kind)
        {
            case "session_created":
                reporter.Report(new DemoHappening.SessionCreated(value.SessionId ?? "", value.Name ?? ""));
                break;
            case "delivery_attempt" when value is { EventId: { } eventId, Status: >= 200 and < 300 }:
                ReportDisorder(value, eventId);
                var times = _successes.AddOrUpdate(eventId, 1, static (_, count) => count + 1);
                reporter.Report(times == 1
                    ? new DemoHappening.Delivered(eventId, value.Name ?? "", value.SessionId ?? "")
                    : new DemoHappening.Duplicate(eventId, value.Name ?? "", times));
                break;
            case "delivery_attempt" when value.Status is >= 400 and < 500:
                reporter.Report(new DemoHappening.Rejected(value.Status.Value.ToString(CultureInfo.InvariantCulture)));
                break;
            default:
                break; // Of no interest to somebody who sees it for the first time.
        }
    }

    /// <summary>Follows the server's stream until cancelled.</summary>
    public async Task FollowAsync(ApiClient api, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var target = ApiPath.WithQuery(ApiPath.Of("stream"), [new("topics", "contexts,reviews")]);
            await foreach (var message in new LiveStream(api, time, static _ => { }).ReadAsync(target, cancellationToken))
            {
                using var document = JsonDocument.Parse(message.Data);
                if (document.RootElement.Text("review_id") is { } reviewId)
                {
                    await ReportReviewAsync(api, reviewId, document.RootElement, cancellationToken);
                }
                else if (document.RootElement.Text("resource_id") is { } resourceId)
                {
                    reporter.Report(new DemoHappening.Hydrated(
                        resourceId, document.RootElement.Number("revision") ?? 0, document.RootElement.Text("triage") ?? document.RootElement.Text("status")));
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The demo ends.
        }
    }

    private void ReportDisorder(SimulatorEvent value, string eventId)
    {
        if (value is not { SessionId: { } sessionId, HappenedAt: { } happened })
        {
            return;
        }

        var newest = _newest.AddOrUpdate(sessionId, happened, (_, known) => happened > known ? happened : known);
        if (newest > happened && !_successes.ContainsKey(eventId))
        {
            reporter.Report(new DemoHappening.OutOfOrder(eventId, value.Name ?? "", newest - happened));
        }
    }

    private async Task ReportReviewAsync(ApiClient api, string reviewId, JsonElement step, CancellationToken cancellationToken)
    {
        var sessionId = step.Text("session_id") ?? "";
        var state = step.Text("to", "state") ?? "";
        if (state.Length == 0 || (_announced.TryGetValue(reviewId, out var known) && known == state))
        {
            return;
        }

        _announced[reviewId] = state;
        switch (state)
        {
            case "open":
                var review = (await api.GetAsync(ApiPath.Of("reviews", reviewId), cancellationToken)).Root;
                reporter.Report(new DemoHappening.WaitingForReview(
                    reviewId, sessionId, review.Text("tool_name") ?? review.Text("kind") ?? "something", answerCommand(reviewId, review.Text("kind"))));
                break;
            case "answered":
                reporter.Report(new DemoHappening.Answered(reviewId, step.Text("actor", "answered_by") ?? "somebody"));
                break;
            case "resumed":
                reporter.Report(new DemoHappening.Resumed(reviewId, sessionId));
                break;
            default:
                break;
        }
    }
}
