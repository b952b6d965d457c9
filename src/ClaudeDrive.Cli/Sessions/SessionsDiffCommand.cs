using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Sessions;

/// <summary><c>sessions diff ID [--from N] [--to N]</c>: what changed between two revisions; the last two by default.</summary>
internal static class SessionsDiffCommand
{
    public static Command Create(CliContext context)
    {
        var id = SessionsShowCommand.SessionId();
        var json = Verb.JsonOption();
        var from = SessionsHistoryCommand.RevisionOption("--from", "The earlier revision (default: the one before --to)");
        var to = SessionsHistoryCommand.RevisionOption("--to", "The later revision (default: the newest)");
        return new Command("diff", "Show what changed between two revisions of a session") { id, from, to, json }.Runs(
            context,
            async run =>
            {
                var session = run.Get(id);
                var last = run.Get(to) ?? await NewestAsync(run, session);
                var first = run.Get(from) ?? last - 1;
                if (first < 1)
                {
                    throw new CliException("this session has one revision so far: there is nothing to compare it with")
                    {
                        NextStep = "claudedrive sessions history " + ShellWord.Quote(session),
                    };
                }

                var document = await run.Api.GetAsync(
                    ApiPath.WithQuery(ApiPath.Of("sessions", session, "diff"), [new("from", Number(first)), new("to", Number(last))]),
                    run.Stop);
                if (run.Get(json))
                {
                    run.Out.Json(document.Text);
                }
                else
                {
                    Show(run, document.Root, first, last);
                }

                return ExitCode.Done;
            });
    }

    private static async Task<int> NewestAsync(CliRun run, string session)
    {
        var document = await run.Api.GetAsync(ApiPath.Of("sessions", session), run.Stop);
        return (int)(document.Root.Number("revision") ?? throw new CliException("this session has no revision yet"));
    }

    private static void Show(CliRun run, JsonElement root, int first, int last)
    {
        var steps = root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : root.Items("patch", "diff", "operations", "data");
        run.Err.Line(new Piece(FormattableString.Invariant($"revision {first} to {last}: {steps.Count} changes"), Styles.Faint));
        foreach (var step in steps)
        {
            var path = step.Text("path") ?? string.Empty;
            var value = step.Child("value") is { } given ? given.GetRawText() : "null";
            switch (step.Text("op"))
            {
                case "add":
                    run.Out.Line(new Piece("+ ", Styles.Good), path + " = ", new Piece(value, Styles.Good));
                    break;
                case "remove":
                    run.Out.Line(new Piece("- " + path, Styles.Bad));
                    break;
                case "replace":
                    run.Out.Line(new Piece("~ ", Styles.Waiting), path + " = ", new Piece(value, Styles.Waiting));
                    break;
                case var other:
                    run.Out.Line($"{other} {step.Text("from")} {path}");
                    break;
            }
        }
    }

    private static string Number(int revision) => revision.ToString(CultureInfo.InvariantCulture);
}
