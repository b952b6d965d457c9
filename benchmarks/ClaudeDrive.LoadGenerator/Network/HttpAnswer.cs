using System.Buffers.Text;
using System.Text;

namespace ClaudeDrive.LoadGenerator.Network;

/// <summary>Finds the end of one HTTP/1.1 answer, with a length or in chunks. Pure.</summary>
internal static class HttpAnswer
{
    /// <summary>
    /// Reads the answer at the start of <paramref name="bytes"/>: its status and length, or 0 as length while it is not complete. Throws
    /// <see cref="InvalidDataException"/> for what is no such answer.
    /// </summary>
    public static (int Status, int Length) Read(ReadOnlySpan<byte> bytes)
    {
        var head = bytes.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return (0, 0);
        }

        if (!bytes.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(bytes[9..12], out int status, out _))
        {
            throw new InvalidDataException($"No answer of HTTP/1.1: {Encoding.ASCII.GetString(bytes[..Math.Min(bytes.Length, 40)])}");
        }

        var body = head + 4;
        var length = BodyLength(bytes[..(head + 2)], bytes[body..], status);
        return length < 0 || body + length > bytes.Length ? (0, 0) : (status, body + length);
    }

    /// <summary>Length of the body; -1 while its chunks are not complete.</summary>
    private static int BodyLength(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, int status)
    {
        if (status is 204 or 304)
        {
            return 0;
        }

        for (var line = head[(head.IndexOf("\r\n"u8) + 2)..]; line.Length > 0; line = line[(line.IndexOf("\r\n"u8) + 2)..])
        {
            if (Value(line, "content-length:"u8) is { Length: > 0 } number && Utf8Parser.TryParse(number, out int length, out _))
            {
                return length;
            }

            if (Value(line, "transfer-encoding:"u8) is { Length: > 0 } coding && coding.StartsWith("chunked"u8))
            {
                return ChunkedLength(body);
            }
        }

        throw new InvalidDataException("An answer without a length.");
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name) ? line[name.Length..].TrimStart((byte)' ') : default;

    private static int ChunkedLength(ReadOnlySpan<byte> body)
    {
        var at = 0;
        while (true)
        {
            var rest = body[at..];
            var end = rest.IndexOf("\r\n"u8);
            if (end < 0)
            {
                return -1;
            }

            if (!Utf8Parser.TryParse(rest[..end], out int size, out var digits, 'X') || digits == 0)
            {
                throw new InvalidDataException("A chunk without a size.");
            }

            at += end + 2 + size + 2;
            if (at > body.Length)
            {
                return -1;
            }

            if (size == 0)
            {
                return at;
            }
        }
    }
}
