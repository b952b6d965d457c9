namespace ClaudeDrive.Benchmarks.Whole.Processes;

/// <summary>Other verbs of this program, each in a process of its own, so that what they leave in memory is not measured later.</summary>
internal static class Ourselves
{
    /// <summary>Runs a verb to its end and returns what it printed, standard error included. Throws when it failed.</summary>
    public static async Task<string> RunAsync(Workplace workplace, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var directory = workplace.NewDirectory("verb");
        var log = Path.Combine(directory, "output");
        try
        {
            await using var verb = ChildProcess.Start(Environment.ProcessPath!, [.. Prefix(), .. arguments], log);
            var code = await verb.WaitForEndAsync(cancellationToken);
            var output = await File.ReadAllTextAsync(log, cancellationToken);
            return code == 0 ? output : throw new InvalidOperationException($"{string.Join(' ', arguments)} failed: {output}");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // Started by the host "dotnet", the program is its first argument.
    private static string[] Prefix() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
}
