using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Cli.Running;

/// <summary>What all verbs have in common that change one thing: <c>--reason</c>, <c>--json</c>, one request, one sentence.</summary>
internal static class ChangeVerb
{
    public static Option<string?> ReasonOption() => new("--reason") { Description = "Why, for the audit log", HelpName = "TEXT" };

    /// <summary>Gives a command that sends one request; <paramref name="say"/> makes the sentence for people.</summary>
    public static Command Sends(
        this Command command, CliContext context, Func<CliRun, string?, Task<ApiDocument>> send, Action<CliRun, ApiDocument> say)
    {
        var (reason, json) = (ReasonOption(), Verb.JsonOption());
        command.Options.Add(reason);
        command.Options.Add(json);
        return command.Runs(context, async run =>
        {
            var document = await send(run, run.Get(reason));
            if (run.Get(json))
            {
                run.Out.Json(document.Text);
            }
            else
            {
                say(run, document);
            }

            return ExitCode.Done;
        });
    }

    /// <summary>A path with the reason as its query.</summary>
    public static string WithReason(string path, string? reason) => reason is null ? path : ApiPath.WithQuery(path, [new("reason", reason)]);

    /// <summary>A sentence about one thing.</summary>
    public static void Say(CliRun run, string what, string done) => run.Out.Line(new Piece(what, Styles.Strong), " " + done);
}
