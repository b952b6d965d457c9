using System.Globalization;

namespace ClaudeDrive.SecretScan;

/// <summary>
/// Where tests hand in what the program wrote while they ran: data directories, logs, answers. With <see cref="Variable"/> set, as by <c>eng/test</c>, it is
/// kept and scanned for secrets when all tests are over; without it, it is thrown away. Inputs that a test made itself do not belong here.
/// </summary>
internal static class SuiteOutput
{
    /// <summary>The environment variable that names the directory; on the file system of the temporary files.</summary>
    public const string Variable = "CLAUDEDRIVE_TEST_OUTPUT";

    private static readonly Lock Gate = new();

    private static int _kept;

    /// <summary>Whether somebody collects; for callers to whom handing in costs something.</summary>
    public static bool IsCollected => Root is not null;

    private static string? Root => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } root ? root : null;

    /// <summary>Ends a directory that the program wrote into: moves it to what is scanned, or deletes it.</summary>
    public static void End(string directory)
    {
        if (Root is { } root)
        {
            Directory.CreateDirectory(root);
            Directory.Move(directory, Path.Combine(root, NameOf(Path.GetFileName(directory.TrimEnd('/')))));
        }
        else
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Hands in text that the program wrote, to be kept under <paramref name="name"/>. Safe from many threads and processes.</summary>
    public static void Write(string name, string text)
    {
        if (Root is { } root)
        {
            Directory.CreateDirectory(root);
            lock (Gate)
            {
                File.AppendAllText(Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"{name}-{Environment.ProcessId}.txt")), text);
            }
        }
    }

    private static string NameOf(string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}-{Environment.ProcessId}-{Interlocked.Increment(ref _kept)}");
}
