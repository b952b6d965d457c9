using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Reviews;

/// <summary><c>reviews claim ID</c></summary>
internal static class ReviewsClaimCommand
{
    public static Command Create(CliContext context)
    {
        var id = ReviewsShowCommand.ReviewId();
        var json = Verb.JsonOption();
        return new Command("claim", "Take a review, so that nobody else works on it") { id, json }.Runs(context, async run =>
        {
            var document = await run.Api.PostAsync(ApiPath.Of("reviews", run.Get(id), "claim"), "{}", run.Stop);
            if (run.Get(json))
            {
                run.Out.Json(document.Text);
                return ExitCode.Done;
            }

            run.Out.Line(
                new Piece(run.Get(id), Styles.Strong), " is claimed by ", document.Root.Text("claimed_by") ?? "you");
            run.Err.Hint("next", "claudedrive reviews show " + ShellWord.Quote(run.Get(id)));
            return ExitCode.Done;
        });
    }
}
