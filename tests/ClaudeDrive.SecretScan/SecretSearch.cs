using System.Text;

namespace ClaudeDrive.SecretScan;

/// <summary>Looks through every file below a directory, whatever its format: text, databases, logs of a database.</summary>
internal static class SecretSearch
{
    /// <summary>How many leaks of one file are told; more would say nothing new.</summary>
    public const int MostOfAFile = 5;

    private const int PieceBytes = 4 * 1024 * 1024;

    /// <summary>Every leak, by file and place; and what was looked at.</summary>
    public static (IReadOnlyList<Leak> Leaks, int Files, long Bytes) In(string directory, int pieceBytes = PieceBytes)
    {
        var patterns = new SecretPatterns();
        List<Leak> leaks = [];
        var files = 0;
        long bytes = 0;
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var file in Directory.EnumerateFiles(directory, "*", options).Order(StringComparer.Ordinal))
        {
            if (Open(file) is not { } stream)
            {
                continue;
            }

            using var closing = stream;
            leaks.AddRange(InFile(stream, patterns, pieceBytes).Take(MostOfAFile).Select(found =>
                new Leak(Path.GetRelativePath(directory, file), found.Offset, found.Kind)));
            files++;
            bytes += stream.Length;
        }

        return (leaks, files, bytes);
    }

    // A database that still runs removes files of its own: those hold nothing any more.
    private static FileStream? Open(string file)
    {
        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    // Piece by piece, each with the end of the one before, so that a secret on the border is whole in one of them.
    private static IEnumerable<(long Offset, string Kind)> InFile(FileStream stream, SecretPatterns patterns, int pieceBytes)
    {
        var buffer = new byte[pieceBytes + SecretPatterns.Longest];
        var kept = 0;
        long start = 0;
        while (true)
        {
            var count = stream.ReadAtLeast(buffer.AsSpan(kept), buffer.Length - kept, throwOnEndOfStream: false);
            var length = kept + count;
            var isLast = length < buffer.Length;
            var text = Encoding.Latin1.GetString(buffer, 0, length);
            var end = isLast ? length : length - SecretPatterns.Longest;
            for (var from = 0; patterns.Find(text, from) is { } found && found.At < end; from = found.At + 1)
            {
                yield return (start + found.At, found.Kind);
            }

            if (isLast)
            {
                yield break;
            }

            kept = length - end;
            buffer.AsSpan(end, kept).CopyTo(buffer);
            start += end;
        }
    }
}
