using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace ClaudeDrive.Hydration;

/// <summary>
/// Reads JSON of the Claude API, which carries what agents wrote: any nesting and any half of a character must not keep a session from being
/// read, since every later look would meet them again.
/// </summary>
internal static class ApiJson
{
    /// <summary>Levels of one answer at most: four times what the parser allows by itself. Chosen.</summary>
    public const int MaxDepth = 256;

    /// <summary>Length of an escape like <c>\ud83d</c>.</summary>
    private const int EscapeLength = 6;

    private static readonly JsonDocumentOptions AnswerOptions = new() { MaxDepth = MaxDepth };

    // What we write around an answer adds a few levels.
    private static readonly JsonDocumentOptions StoredOptions = new() { MaxDepth = MaxDepth + 16 };

    /// <summary>
    /// Makes an answer safe to read, in place: an escaped half of a surrogate pair becomes <c>\ufffd</c>, all else stays as received. Throws
    /// <see cref="JsonException"/> or <see cref="InvalidDataException"/> for what is not whole, valid JSON in UTF-8.
    /// </summary>
    public static JsonDocument Accept(Memory<byte> answer)
    {
        if (!Utf8.IsValid(answer.Span))
        {
            throw new InvalidDataException("The answer is not UTF-8.");
        }

        ReplaceHalfCharacters(answer.Span);
        return JsonDocument.Parse(answer, AnswerOptions);
    }

    /// <summary>Parses what <see cref="Accept"/> let through, or what was built around it.</summary>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json) => JsonDocument.Parse(json, StoredOptions);

    private static void ReplaceHalfCharacters(Span<byte> json)
    {
        var at = 0;
        while (json[at..].IndexOf((byte)'\\') is var next and >= 0)
        {
            at += next;
            if (!TryReadEscape(json[at..], out var unit))
            {
                at = Math.Min(at + 2, json.Length); // The escaped character is not the start of another escape.
            }
            else if (char.IsHighSurrogate(unit) && TryReadEscape(json[(at + EscapeLength)..], out var low) && char.IsLowSurrogate(low))
            {
                at += 2 * EscapeLength;
            }
            else
            {
                if (char.IsSurrogate(unit))
                {
                    "\\ufffd"u8.CopyTo(json[at..]);
                }

                at += EscapeLength;
            }
        }
    }

    private static bool TryReadEscape(ReadOnlySpan<byte> json, out char unit)
    {
        unit = default;
        if (json.Length < EscapeLength || json[0] != '\\' || json[1] != 'u'
            || !ushort.TryParse(json[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            return false;
        }

        unit = (char)code;
        return true;
    }
}
