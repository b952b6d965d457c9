using System.Text.Json;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Cli.Demo;

/// <summary>Plays the demo's story over a running world and says how it ended.</summary>
internal sealed class DemoRunner(DemoWorld world, DemoReporter reporter, Func<string, string?, string> answerCommand, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Changes the ledger before it is compared: how a test proves that a difference is noticed.</summary>
    public Func<JsonElement, JsonElement> Tamper { get; init; } = static ledger => ledger;

    /// <summary>How long the story may take to settle.</summary>
    public TimeSpan Patience { get; init; } = DemoStory.Patience;

    /// <summary>The whole story, answered by itself. Returns the exit code: 0 only when ledger and contexts agree.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        Start(DemoStory.Whole, withResources: true);
        var limit = time.GetUtcNow() + Patience;
        while (true)
        {
            await AnswerAllAsync(cancellationToken);
            await RetryDeadLettersAsync(cancellationToken);
            var isQuiet = await IsQuietAsync(cancellationToken);
            var view = await DemoView.ReadAsync(world.Api, cancellationToken);
            var ledger = Tamper(JsonSerializer.SerializeToElement(world.Simulator.ReadLedger()));
            var differences = new DemoComparison(ledger, view).Run();
            var isOpen = view.Reviews.Any(static review => review.Text("state") is "open" or "claimed");
            if ((isQuiet && !isOpen && differences.Count == 0) || time.GetUtcNow() > limit)
            {
                return reporter.Finish(DemoCounts.Summarise(ledger, view, differences));
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>The story for a person: plays, leaves one session waiting, and goes on until cancelled.</summary>
    public async Task RunForPeopleAsync(CancellationToken cancellationToken)
    {
        Start(DemoStory.ForPeople, withResources: false);
        await world.Simulator.WaitForQuietAsync(cancellationToken);
        await RemindAsync(cancellationToken);
        while (!cancellationToken.IsCancellationRequested)
        {
            await RetryDeadLettersAsync(cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(2), time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // The line that matters has scrolled away by now: once the story rests, it is said again.
    private async Task RemindAsync(CancellationToken cancellationToken)
    {
        JsonElement waiting;
        do
        {
            await Task.Delay(Pause, time, cancellationToken);
            var open = await world.Api.GetAsync(ApiPath.WithQuery(ApiPath.Of("reviews"), [new("state", "open"), new("limit", "1")]), cancellationToken);
            waiting = open.Root.Items("data") is [var first, ..] ? first : default;
        }
        while (waiting.ValueKind is JsonValueKind.Undefined);
        reporter.Remind(
            waiting.Text("session_id") ?? "", waiting.Text("tool_name") ?? "", answerCommand(waiting.Text("review_id") ?? "", waiting.Text("kind")));
    }

    private void Start(IReadOnlyList<string> scenarios, bool withResources)
    {
        foreach (var scenario in scenarios)
        {
            world.Simulator.StartSessions(scenario);
        }

        if (withResources)
        {
            world.Simulator.StartResources();
        }
    }

    private async Task AnswerAllAsync(CancellationToken cancellationToken)
    {
        foreach (var review in await OpenReviews.ListAsync(world.Api, cancellationToken))
        {
            // False: the session went on between the list and the answer, and the next round sees it.
            await OpenReviews.AnswerAsync(world.Api, review.Text("review_id") ?? "", DemoStory.Answer(review.Text("kind")), cancellationToken);
        }
    }

    // What a person would do who saw them: look at the cause, then retry. Under every fault three attempts can fail.
    private async Task RetryDeadLettersAsync(CancellationToken cancellationToken)
    {
        var dead = await world.Api.GetAsync(ApiPath.WithQuery(ApiPath.Of("dead-letters"), [new("limit", "1")]), cancellationToken);
        if (dead.Root.Number("total") > 0)
        {
            await world.Api.PostAsync(ApiPath.Of("dead-letters", "retry"), "{}", cancellationToken);
        }
    }

    private async Task<bool> IsQuietAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Pause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await world.Simulator.WaitForQuietAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
