using System.Globalization;

namespace ClaudeDrive.Simulator;

/// <summary>Times on the wire: RFC 3339, UTC, six digits of fraction.</summary>
internal static class WireTime
{
    /// <summary>The resolution of every simulated instant: one microsecond.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMicroseconds(1);

    /// <summary>Renders <paramref name="at"/> with a <c>Z</c> suffix.</summary>
    public static string Format(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Cuts <paramref name="at"/> to whole microseconds, so that it survives a round trip over the wire.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    /// <summary>The later of now and one tick after <paramref name="last"/>: strictly increasing even within one microsecond.</summary>
    public static DateTimeOffset After(DateTimeOffset now, DateTimeOffset? last)
    {
        var cut = Truncate(now);
        return last is { } earlier && cut <= earlier ? earlier + Tick : cut;
    }

    /// <summary>Reads an RFC 3339 instant; <see langword="false"/> when it is none.</summary>
    public static bool TryParse(string text, out DateTimeOffset at) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at);
}
