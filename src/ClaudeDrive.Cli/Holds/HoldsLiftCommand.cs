using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Holds;

/// <summary><c>holds lift ID</c></summary>
internal static class HoldsLiftCommand
{
    public static Command Create(CliContext context)
    {
        var id = Verb.IdArgument("HOLD_ID", "The hold, as in holds list");
        var reason = new Option<string>("--reason") { Description = "Why; it goes into the audit log", HelpName = "TEXT", Required = true };
        var json = Verb.JsonOption();
        return new Command("lift", "Lift a legal hold; what is old enough then goes with the next pass") { id, reason, json }.Runs(context, async run =>
        {
            var target = ApiPath.WithQuery(ApiPath.Of("holds", run.Get(id)), [new("reason", run.Get(reason)!)]);
            var document = await run.Api.DeleteAsync(target, run.Stop);
            if (run.Get(json))
            {
                run.Out.Json(document.Text);
                return ExitCode.Done;
            }

            run.Out.Line(new Piece(run.Get(id), Styles.Strong), " is lifted");
            return ExitCode.Done;
        });
    }
}
