using System.Globalization;

namespace ClaudeDrive.Cli.Output;

/// <summary>Instants for people: how long ago, and the time in UTC.</summary>
internal static class Ages
{
    public static string Utc(DateTimeOffset instant)
    {
        return instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    public static string Relative(DateTimeOffset instant, DateTimeOffset now)
    {
        var age = now - instant;
        return age < TimeSpan.FromSeconds(-1) ? "in " + Span(age.Negate()) : Span(age) + " ago";
    }

    public static string Both(DateTimeOffset instant, DateTimeOffset now)
    {
        return $"{Utc(instant)} ({Relative(instant, now)})";
    }

    /// <summary>A length of time in its largest unit: <c>12s</c>, <c>3m</c>, <c>5h</c>, <c>2d</c>.</summary>
    public static string Span(TimeSpan span)
    {
        return span switch
        {
            { TotalSeconds: < 1 } => "0s",
            { TotalSeconds: < 90 } => Invariant($"{(long)span.TotalSeconds}s"),
            { TotalMinutes: < 60 } => Invariant($"{(long)span.TotalMinutes}m"),
            { TotalHours: < 48 } => Invariant($"{(long)span.TotalHours}h"),
            _ => Invariant($"{(long)span.TotalDays}d"),
        };
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
