using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ClaudeDrive.SecretScan;

/// <summary>
/// What a secret looks like: by its form, so that secrets of a run's own are found too, and the tests' fixed ones in every coding that a program might
/// write them in. A search for the few characters that each begins with comes first: most of what a suite writes is searched at the speed of memory.
/// </summary>
internal sealed partial class SecretPatterns
{
    /// <summary>The longest that may be needed to tell a secret from its beginning, in bytes.</summary>
    public const int Longest = 512;

    // The fixed signing secrets of the tests, without their prefix.
    private static readonly string[] SigningKeys =
    [
        "BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=", "BwoNEBMWGRwfIiUoKy4xNDc6PUBDRklMT1JVWFteYWQ=", "BwwRFhsgJSovNDk+Q0hNUldcYWZrcHV6f4SJjpOYnaI=",
    ];

    // The fixed keys of administrators and of the Claude API.
    private static readonly string[] Keys =
    [
        "cd_test-administrator-key", "cd_crash_test_administrator_key", "cd_fuzz-administrator-key-0123456789", "cdk_test_Sup3rS3cretKeyValue", "sk-embedded-test",
    ];

    private readonly (string Text, string Kind)[] _fixed;
    private readonly SearchValues<string> _beginnings;

    public SecretPatterns()
    {
        _fixed =
        [
            .. SigningKeys.SelectMany(Codings).Distinct().Select(static text => (text, "a signing secret of the tests")),
            .. Keys.Select(static key => (key, "a key of the tests")),
        ];
        _beginnings = SearchValues.Create(
            [.. _fixed.Select(static f => f.Text), "whsec_", "v1,", "v1\\u002C", "Bearer ", "cd_", "sk-ant-"], StringComparison.Ordinal);
    }

    /// <summary>The first secret at or behind <paramref name="from"/>, in bytes that were read as Latin-1: where it begins, and its kind.</summary>
    public (int At, string Kind)? Find(string text, int from)
    {
        while (from < text.Length)
        {
            var found = text.AsSpan(from).IndexOfAny(_beginnings);
            if (found < 0)
            {
                return null;
            }

            var at = from + found;
            if (KindAt(text, at) is { } kind)
            {
                return (at, kind);
            }

            from = at + 1;
        }

        return null;
    }

    private string? KindAt(string text, int at)
    {
        var rest = text.AsSpan(at, Math.Min(Longest, text.Length - at));
        foreach (var (secret, kind) in _fixed)
        {
            if (rest.StartsWith(secret, StringComparison.Ordinal))
            {
                return kind;
            }
        }

        return SigningSecret().IsMatch(rest) ? "a signing secret"
            : Signature().IsMatch(rest) ? "a signature"
            : BearerKey().IsMatch(rest) ? "a bearer key"
            : MadeKey().IsMatch(rest) ? "an API key of ours"
            : ClaudeKey().IsMatch(rest) ? "an API key of Claude"
            : null;
    }

    private static IEnumerable<string> Codings(string base64)
    {
        var bytes = Convert.FromBase64String(base64);
        yield return base64.TrimEnd('=');
        yield return base64.TrimEnd('=').Replace("+", "\\u002B", StringComparison.Ordinal);
        yield return Uri.EscapeDataString(base64);
        yield return base64.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        yield return Convert.ToHexString(bytes);
        yield return Convert.ToHexStringLower(bytes);
        yield return System.Text.Encoding.Latin1.GetString(bytes);
        yield return string.Join(", ", bytes.Take(16).Select(static b => b.ToString(CultureInfo.InvariantCulture)));
    }

    [GeneratedRegex(@"^whsec_(?:[A-Za-z0-9+/]|\\u002B){30,}")]
    private static partial Regex SigningSecret();

    [GeneratedRegex(@"^v1(?:,|\\u002C)(?:[A-Za-z0-9+/]|\\u002B){43}(?:=|\\u003D)")]
    private static partial Regex Signature();

    [GeneratedRegex(@"^Bearer [A-Za-z0-9._~+/-]{12,}")]
    private static partial Regex BearerKey();

    // The form that the server makes keys in: cd_ and 32 bytes in base64url.
    [GeneratedRegex(@"^cd_[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")]
    private static partial Regex MadeKey();

    [GeneratedRegex(@"^sk-ant-[A-Za-z0-9_-]{8,}")]
    private static partial Regex ClaudeKey();
}
