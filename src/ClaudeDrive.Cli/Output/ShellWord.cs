using System.Buffers;

namespace ClaudeDrive.Cli.Output;

/// <summary>Writes a word so that a POSIX shell reads it back unchanged: commands we print can be pasted safely.</summary>
internal static class ShellWord
{
    private static readonly SearchValues<char> Harmless = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+=,");

    public static string Quote(string word)
    {
        var plain = word.Length > 0 && !word.AsSpan().ContainsAnyExcept(Harmless);
        return plain ? word : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
    }
}
