using System.Globalization;

namespace ClaudeDrive.AspNetCore.Stream;

/// <summary>Where a client stands in the three live tails; written <c>e12.c34.r5</c> as the id of each message.</summary>
/// <param name="Events">Position in the events.</param>
/// <param name="Contexts">Position in the revisions.</param>
/// <param name="Reviews">Position in the review steps.</param>
internal readonly record struct StreamPosition(long Events, long Contexts, long Reviews)
{
    public static StreamPosition? Find(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 3 && Part(parts[0], 'e') is { } e && Part(parts[1], 'c') is { } c && Part(parts[2], 'r') is { } r
            ? new StreamPosition(e, c, r)
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"e{Events}.c{Contexts}.r{Reviews}");

    private static long? Part(string text, char letter) =>
        text.Length > 1 && text[0] == letter && long.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
