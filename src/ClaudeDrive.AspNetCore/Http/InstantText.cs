using System.Globalization;

namespace ClaudeDrive.AspNetCore.Http;

/// <summary>Instants as the API reads and writes them: RFC 3339; written in UTC with a fraction of six digits.</summary>
internal static class InstantText
{
    private const string WriteFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    private static readonly string[] ReadFormats =
    [
        "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    public static string Write(DateTimeOffset value) => value.UtcDateTime.ToString(WriteFormat, CultureInfo.InvariantCulture);

    /// <summary>Reads an instant; null when it is none. A space before the offset is a plus sign that a query decoded.</summary>
    public static DateTimeOffset? Find(string text) =>
        DateTimeOffset.TryParseExact(
            text.Replace(' ', '+').ToUpperInvariant(), ReadFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value)
            ? value.ToUniversalTime()
            : null;
}
