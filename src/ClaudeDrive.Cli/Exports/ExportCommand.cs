using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;
using ClaudeDrive.Custody;

namespace ClaudeDrive.Cli.Exports;

/// <summary><c>export --out FILE</c> and <c>export verify FILE</c>.</summary>
internal static class ExportCommand
{
    /// <summary>Read at once. Chosen.</summary>
    private const int BufferBytes = 128 * 1024;

    public static Command Create(CliContext context)
    {
        var to = new Option<string?>("--out") { Description = "File to write; it must not exist", HelpName = "FILE" };
        var command = new Command("export", "Write everything that the key may see to a file, as lines of JSON with hashes") { to };
        command.Subcommands.Add(CreateVerify(context));
        return command.Runs(context, async run =>
        {
            var path = Path.GetFullPath(run.Get(to) ?? throw CliException.Usage("--out FILE is needed"));
            if (File.Exists(path))
            {
                throw new CliException($"{path} exists") { NextStep = "name another file, or remove that one" };
            }

            await SaveAsync(run, path);
            return ExitCode.Done;
        });
    }

    // The file gets its name when it is whole and every hash fits: what has the name can be relied on.
    private static async Task SaveAsync(CliRun run, string path)
    {
        var part = path + ".part";
        var check = new ExportCheck();
        try
        {
            using var response = await run.Api.OpenStreamAsync(ApiPath.Of("export"), null, run.Stop);
            await using (var from = await response.Content.ReadAsStreamAsync(run.Stop))
            await using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes, useAsync: true))
            {
                var lines = new LineReader(from);
                while (await lines.ReadAsync(run.Stop) is { } line && check.Add(line))
                {
                    await file.WriteAsync(line, run.Stop);
                    await file.WriteAsync("\n"u8.ToArray(), run.Stop);
                }

                await file.FlushAsync(run.Stop);
                file.Flush(flushToDisk: true);
            }

            if (!check.End())
            {
                throw new CliException($"the export is not whole: {check.Problem}") { NextStep = "run it again" };
            }

            File.Move(part, path);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or UnauthorizedAccessException)
        {
            throw new CliException($"the export could not be written to {path}: {failure.Message}") { NextStep = "run it again" };
        }
        finally
        {
            File.Delete(part);
        }

        Report(run, check, path);
    }

    private static Command CreateVerify(CliContext context)
    {
        var file = new Argument<string>("FILE") { Description = "An export" };
        return new Command("verify", "Check an export's hashes and that it is whole; needs no server") { file }.Runs(context, async run =>
        {
            var check = new ExportCheck();
            try
            {
                await using var from = new FileStream(run.Get(file), FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, useAsync: true);
                var lines = new LineReader(from);
                while (await lines.ReadAsync(run.Stop) is { } line && check.Add(line))
                {
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new CliException($"{run.Get(file)} cannot be read: {failure.Message}") { NextStep = "claudedrive export --out FILE makes one" };
            }

            if (!check.End())
            {
                run.Out.Line(new Piece($"not valid: {check.Problem}", Styles.Bad));
                return ExitCode.Failed;
            }

            Report(run, check, run.Get(file));
            return ExitCode.Done;
        });
    }

    private static void Report(CliRun run, ExportCheck check, string path)
    {
        run.Out.Line(new Piece(path, Styles.Strong), new Piece(FormattableString.Invariant($" is whole: {check.Lines + 1} lines"), Styles.Good));
        foreach (var (kind, count) in check.Counts)
        {
            run.Out.Line(FormattableString.Invariant($"  {count,10} {UntrustedText.Line(kind)}"));
        }

        run.Out.Line(new Piece($"  chain {check.Hash}", Styles.Faint));
    }
}
