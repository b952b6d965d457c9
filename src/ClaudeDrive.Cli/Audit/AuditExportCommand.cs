using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Audit;

/// <summary><c>audit export</c>: the whole log as the server writes it, to a file or standard output.</summary>
internal static class AuditExportCommand
{
    /// <summary>Path of the export in the API.</summary>
    public static string Path => ApiPath.Of("audit", "export");

    public static Command Create(CliContext context)
    {
        var file = new Argument<string?>("FILE") { Description = "File to write, which must not exist; standard output when left out", Arity = ArgumentArity.ZeroOrOne };
        return new Command("export", "Write the whole audit log, a row a line; 'audit verify FILE' checks it anywhere") { file }.Runs(context, async run =>
        {
            var path = run.Parsed.GetValue(file);
            try
            {
                await using var writer = path is null ? null : new StreamWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write));
                long lines = 0;
                await foreach (var line in ApiLines.ReadAsync(run.Api, Path, run.Stop))
                {
                    lines++;
                    await (writer ?? run.Context.Host.Output).WriteAsync((line + "\n").AsMemory(), run.Stop);
                }

                run.Err.Line(FormattableString.Invariant($"{Math.Max(0, lines - 1)} rows exported"));
                return ExitCode.Done;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new CliException(failure.Message);
            }
        });
    }
}
