using System.CommandLine;
using System.Text;
using System.Text.Json;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Access;

/// <summary>
/// <c>access test FILE</c>: holds grants against expectations, for a company's own checks. With teams in the file it needs no server; without, the
/// server's teams are tested as they are now.
/// </summary>
internal static class AccessTestCommand
{
    /// <summary>Largest file, in bytes. Chosen: some ten thousand expectations.</summary>
    private const int LargestFile = 16 * 1024 * 1024;

    private static readonly JsonDocumentOptions Reading = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static Command Create(CliContext context)
    {
        var file = new Argument<string>("FILE") { Description = "Teams with grants (or the server's), resources, and who is expected to see what (docs/access.md)" };
        var json = Verb.JsonOption();
        return new Command("test", "Check grants against expectations in a file; fails on the first wrong one after all were checked") { file, json }.Runs(
            context,
            async run =>
            {
                using var document = Read(run.Get(file));
                var fixture = AccessFixture.Read(document.RootElement);
                if (!fixture.HasTeams)
                {
                    var teams = await ListPages.ReadAllAsync(run.Api, ApiPath.Of("teams"), [new("limit", "200")], run.Stop);
                    fixture.AddTeams(teams.Root.GetProperty("data"));
                }

                return Report(run, fixture.Check(), run.Get(json));
            });
    }

    private static JsonDocument Read(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: > LargestFile }
                ? throw CliException.Usage($"{path} is larger than {LargestFile / 1024 / 1024} MiB")
                : JsonDocument.Parse(File.ReadAllText(path, Encoding.UTF8), Reading);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw CliException.Usage($"{path} cannot be read: {failure.Message}");
        }
    }

    private static int Report(CliRun run, IReadOnlyList<AccessVerdict> verdicts, bool json)
    {
        var wrong = verdicts.Where(static verdict => !verdict.IsRight).ToList();
        if (json)
        {
            run.Out.Json(JsonText.Of(
                ("result", wrong.Count == 0 ? "right" : "wrong"),
                ("expectations", FormattableString.Invariant($"{verdicts.Count}")),
                ("wrong", FormattableString.Invariant($"{wrong.Count}")),
                ("first", wrong.Count == 0 ? null : wrong[0].ToString())));
            return wrong.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        }

        foreach (var verdict in wrong)
        {
            run.Out.Line(new Piece("wrong", Styles.Bad), ": " + verdict);
        }

        run.Out.Line(FormattableString.Invariant($"{verdicts.Count} expectations, {wrong.Count} wrong"));
        return wrong.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
