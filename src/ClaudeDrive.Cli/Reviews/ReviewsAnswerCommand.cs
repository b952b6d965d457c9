using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Reviews;

/// <summary><c>reviews answer ID …</c>: answers once; with <c>--wait</c>, says how it ended.</summary>
internal static class ReviewsAnswerCommand
{
    private const int DefaultWaitSeconds = 120;

    private static readonly TimeSpan PollPause = TimeSpan.FromSeconds(1);

    public static Command Create(CliContext context)
    {
        var id = ReviewsShowCommand.ReviewId();
        var options = new AnswerOptions();
        var json = Verb.JsonOption();
        var command = new Command("answer", "Answer a review; the session resumes with it") { id };
        options.AddTo(command);
        command.Options.Add(json);
        return command.Runs(context, run => AnswerAsync(run, run.Get(id), options, run.Get(json)));
    }

    private static async Task<int> AnswerAsync(CliRun run, string id, AnswerOptions options, bool json)
    {
        var body = AnswerBody.Build(run, options);
        var item = await run.Api.PostAsync(ApiPath.Of("reviews", id, "answer"), body, run.Stop);
        var waited = run.Has(options.Wait);
        if (waited)
        {
            run.Err.Line(new Piece("answered; waiting for the session to take it", Styles.Faint));
            item = await WaitAsync(run, id, item, TimeSpan.FromSeconds(run.Get(options.Wait) ?? DefaultWaitSeconds));
        }

        if (json)
        {
            run.Out.Json(item.Text);
        }
        else
        {
            Say(run, id, item.Root);
        }

        return waited ? Outcome(run, id, item.Root) : ExitCode.Done;
    }

    private static async Task<ApiDocument> WaitAsync(CliRun run, string id, ApiDocument item, TimeSpan longest)
    {
        var end = run.Now + longest;
        while (!ReviewStates.IsFinal(item.Root) && run.Now < end)
        {
            await Task.Delay(PollPause, run.Context.Host.Time, run.Stop);
            item = await run.Api.GetAsync(ApiPath.Of("reviews", id), run.Stop);
        }

        return item;
    }

    private static void Say(CliRun run, string id, JsonElement review)
    {
        run.Out.Line(
            new Piece(id, Styles.Strong),
            " is ",
            Styles.State(review.Text("state") ?? "answered"),
            review.Text("send_state") is { } sending ? $" (sending: {sending})" : string.Empty,
            review.Text("answer_event_id") is { } sent ? $", answer event {sent}" : string.Empty);
    }

    private static int Outcome(CliRun run, string id, JsonElement review)
    {
        if (review.Text("state") == "resumed")
        {
            return ExitCode.Done;
        }

        run.Err.Failure(new CliException(ReviewStates.IsFinal(review)
            ? "the answer did not reach the session"
            : "the session has not taken the answer in time; ClaudeDrive goes on trying")
        {
            NextStep = "claudedrive reviews show " + ShellWord.Quote(id),
        });
        return ExitCode.Failed;
    }
}
