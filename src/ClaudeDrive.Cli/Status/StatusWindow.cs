using System.Globalization;
using ClaudeDrive.Cli.Listing;

namespace ClaudeDrive.Cli.Status;

/// <summary>The window of the numbers, typed as an age and sent as seconds.</summary>
internal static class StatusWindow
{
    /// <summary>Null for no window. Throws <see cref="CliException"/> (wrong usage).</summary>
    public static string? Seconds(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var end = DateTimeOffset.UnixEpoch.AddYears(400);
        var length = text.Length > 0 && char.IsAsciiLetter(text[^1]) && text[^1] != 'Z' ? end - InstantText.Read(text, end) : null;
        return length is { TotalSeconds: > 0 } seconds
            ? ((long)seconds.TotalSeconds).ToString(CultureInfo.InvariantCulture)
            : throw CliException.Usage($"--window '{text}' is not a length of time", "give one like 15m, 1h or 2d");
    }
}
