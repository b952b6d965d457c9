using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Sqlite.Backups;

namespace ClaudeDrive.Cli.Backups;

/// <summary><c>restore</c>: puts a backup into a data directory that no server uses.</summary>
internal static class RestoreCommand
{
    public static Command Create(CliContext context)
    {
        var source = new Argument<string>("SOURCE") { Description = "Directory that 'claudedrive backup' wrote" };
        var data = DataDirectory.Option();
        var force = new Option<bool>("--force") { Description = "Move an existing database and spool aside instead of refusing" };
        var json = Verb.JsonOption();
        return new Command("restore", "Check a backup and put it into the data directory of a server that is stopped") { source, data, force, json }.Runs(
            context,
            run => Task.FromResult(Run(
                run, run.Get(source), DataDirectory.Of(run, data, "use pg_restore; docs/operations.md says how"), run.Get(force), run.Get(json))));
    }

    private static int Run(CliRun run, string source, string data, bool force, bool json)
    {
        try
        {
            var (manifest, aside) = SqliteRestore.Run(Path.GetFullPath(source), data, force, run.Now, step => run.Err.Line(step + " …"));
            if (json)
            {
                run.Out.Json(JsonSerializer.Serialize(manifest, BackupJson.Default.BackupManifest));
            }
            else
            {
                run.Out.Line(new Piece("restored", Styles.Good), " to " + data);
                new FieldList()
                    .Add("events", manifest.Events.ToString("N0", CultureInfo.InvariantCulture))
                    .Add("revisions", manifest.Revisions.ToString("N0", CultureInfo.InvariantCulture))
                    .Add("as of", manifest.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture))
                    .Add("moved aside", aside ?? string.Empty)
                    .Write(run.Out, indent: 2);
            }

            run.Err.Line("Events that came after the backup are missing. The first sweep after the start finds what happened to sessions since;");
            run.Err.Line("other resources are seen at their next event. An answer that was sent after the backup is found at Claude, not sent again.");
            return ExitCode.Done;
        }
        catch (Exception failure) when (failure is BackupException or DriveStoreException or IOException or UnauthorizedAccessException)
        {
            throw new CliException(failure.Message);
        }
    }
}
