using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;
using ClaudeDrive.Sqlite.Backups;

namespace ClaudeDrive.Cli.Backups;

/// <summary><c>backup</c>: copies a SQLite data directory while the server runs.</summary>
internal static class BackupCommand
{
    public static Command Create(CliContext context)
    {
        var target = new Argument<string>("TARGET") { Description = "Directory to write; must not exist, or be empty" };
        var data = DataDirectory.Option();
        var json = Verb.JsonOption();
        return new Command("backup", "Copy the data directory while the server runs, check the copy, and say what it holds") { target, data, json }.Runs(
            context,
            run => Task.FromResult(Run(run, run.Get(target), DataDirectory.Of(run, data, "use pg_dump; docs/operations.md says how"), run.Get(json))));
    }

    private static int Run(CliRun run, string target, string data, bool json)
    {
        try
        {
            var manifest = SqliteBackup.Create(data, target, run.Now, step => run.Err.Line(step + " …"));
            if (json)
            {
                run.Out.Json(JsonSerializer.Serialize(manifest, BackupJson.Default.BackupManifest));
                return ExitCode.Done;
            }

            run.Out.Line(new Piece("backed up", Styles.Good), " to " + Path.GetFullPath(target));
            new FieldList()
                .Add("events", manifest.Events.ToString("N0", CultureInfo.InvariantCulture))
                .Add("revisions", manifest.Revisions.ToString("N0", CultureInfo.InvariantCulture))
                .Add("files", manifest.Files.Count.ToString("N0", CultureInfo.InvariantCulture))
                .Add("bytes", manifest.Files.Sum(static file => file.Bytes).ToString("N0", CultureInfo.InvariantCulture))
                .Write(run.Out, indent: 2);
            return ExitCode.Done;
        }
        catch (Exception failure) when (failure is BackupException or IOException or UnauthorizedAccessException)
        {
            throw new CliException(failure.Message);
        }
    }
}
