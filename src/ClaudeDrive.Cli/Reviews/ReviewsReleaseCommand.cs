using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Reviews;

/// <summary><c>reviews release ID</c></summary>
internal static class ReviewsReleaseCommand
{
    public static Command Create(CliContext context)
    {
        var id = ReviewsShowCommand.ReviewId();
        var json = Verb.JsonOption();
        return new Command("release", "Give a claimed review back") { id, json }.Runs(context, async run =>
        {
            var document = await run.Api.PostAsync(ApiPath.Of("reviews", run.Get(id), "release"), "{}", run.Stop);
            if (run.Get(json))
            {
                run.Out.Json(document.Text);
                return ExitCode.Done;
            }

            run.Out.Line(new Piece(run.Get(id), Styles.Strong), " is free again: ", Styles.State(document.Root.Text("state") ?? "open"));
            return ExitCode.Done;
        });
    }
}
