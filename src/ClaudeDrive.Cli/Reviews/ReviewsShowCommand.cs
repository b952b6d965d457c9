using System.CommandLine;
using System.Text.Json;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Listing;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Reviews;

/// <summary><c>reviews show ID</c>: the question, the arguments, and the commands that answer it.</summary>
internal static class ReviewsShowCommand
{
    public static Command Create(CliContext context)
    {
        return ShowVerb.Create(
            context, "show", "Show what is asked and how to answer", ReviewId(), text => ApiPath.Of("reviews", text), Show);
    }

    public static Argument<string> ReviewId() => Verb.IdArgument("REVIEW_ID", "The review, as in reviews list");

    public static void Show(CliRun run, JsonElement review)
    {
        new FieldList()
            .Add("review", review, "review_id")
            .AddState("state", review, "state")
            .Add("waits because", ReviewGuide.WhyItWaits(review))
            .Add("tool", new Piece(review.Text("tool_name") ?? string.Empty, Styles.Strong))
            .Add("session", review, "session_id")
            .Add("blocking event", review, "blocking_event_id")
            .AddTime("opened", review, run.Now, "opened_at")
            .Add("claimed by", review, "claimed_by")
            .Add("answered by", review, "answered_by")
            .AddState("sending", review, "send_state")
            .Add("answer event", review, "answer_event_id")
            .Add("input hash", review, "input_hash")
            .Write(run.Out);
        if (review.Child("input") is { } input && !input.IsEmpty())
        {
            run.Out.Heading("Arguments (from the agent, not to be trusted)");
            run.Out.Verbatim(input.ValueKind == JsonValueKind.String ? input.Plain() : input.Pretty(), indent: 2);
        }

        if (review.Child("answer") is { } answer && !answer.IsEmpty())
        {
            run.Out.Heading("Answer");
            run.Out.Verbatim(answer.ValueKind == JsonValueKind.String ? answer.Plain() : answer.Pretty(), indent: 2);
        }

        if (ReviewStates.TakesAnswers(review))
        {
            WriteAnswers(run, review);
        }
    }

    private static void WriteAnswers(CliRun run, JsonElement review)
    {
        var answers = ReviewGuide.Answers(review).ToList();
        if (answers.Count == 0)
        {
            return;
        }

        run.Out.Heading("To answer");
        foreach (var (what, command) in answers)
        {
            run.Out.Line("  ", new Piece("# " + what, Styles.Faint));
            run.Out.Line("  " + command);
        }
    }
}
