using System.Globalization;
using System.Text;

namespace ClaudeDrive.Fuzz;

/// <summary>Takes apart what a connection answered, as a strict client would.</summary>
internal static class HttpAnswers
{
    /// <summary>The answers in order: status, head, body. Throws <see cref="FindingException"/> for bytes that are no answers.</summary>
    public static List<(int Status, string Head, string Body)> Read(byte[] bytes)
    {
        List<(int, string, string)> answers = [];
        var text = Encoding.Latin1.GetString(bytes);
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf("\r\n\r\n", at, StringComparison.Ordinal);
            FindingException.Unless(end >= 0 && text[at..].StartsWith("HTTP/1.1 ", StringComparison.Ordinal), "an answer without a head");
            var head = text[at..end];
            var status = int.Parse(head.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);
            at = end + 4;
            var body = string.Empty;
            if (head.Contains("\r\nTransfer-Encoding: chunked", StringComparison.Ordinal))
            {
                body = Chunks(text, ref at);
            }
            else if (Length(head) is { } length)
            {
                FindingException.Unless(at + length <= text.Length, "an answer that is shorter than it says");
                body = text.Substring(at, length);
                at += length;
            }
            else if (!HasNoBody(status))
            {
                // To a client of HTTP/1.0: the end of the connection ends it (RFC 9112 §6.3).
                FindingException.Unless(head.Contains("\r\nConnection: close", StringComparison.Ordinal), "an answer without an end");
                body = text[at..];
                at = text.Length;
            }

            answers.Add((status, head, body));
        }

        return answers;
    }

    private static bool HasNoBody(int status) => status is < 200 or 204 or 304;

    private static int? Length(string head)
    {
        const string Name = "\r\nContent-Length: ";
        var at = head.IndexOf(Name, StringComparison.Ordinal);
        return at < 0 ? null : int.Parse(head[(at + Name.Length)..].Split('\r')[0], NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static string Chunks(string text, ref int at)
    {
        var body = new StringBuilder();
        while (true)
        {
            var line = text.IndexOf("\r\n", at, StringComparison.Ordinal);
            FindingException.Unless(line >= 0, "a chunk without a size");
            var size = int.Parse(text.AsSpan(at, line - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            FindingException.Unless(line + 2 + size + 2 <= text.Length, "a chunk that is shorter than it says");
            body.Append(text, line + 2, size);
            at = line + 2 + size + 2;
            if (size == 0)
            {
                return body.ToString();
            }
        }
    }
}
