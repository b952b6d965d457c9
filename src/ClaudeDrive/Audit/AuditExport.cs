using System.Globalization;
using System.Text.Json;

namespace ClaudeDrive.Audit;

/// <summary>Reads the lines of an exported audit log, as <c>GET audit/export</c> writes them: a row each, and the log's end in the last.</summary>
internal static class AuditExport
{
    /// <summary>
    /// A row or the end: one of the two. Instants to the microsecond. Throws <see cref="FormatException"/> when the line is neither.
    /// </summary>
    public static (AuditEntry? Entry, AuditHead? End) Read(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return root.TryGetProperty("end", out var end)
                ? (null, new AuditHead(end.GetProperty("seq").GetInt64(), end.GetProperty("hash").GetString()!))
                : (ReadEntry(root), null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FormatException("The line is no row of an audit log.", e);
        }
    }

    private static AuditEntry ReadEntry(JsonElement row) => new()
    {
        Seq = row.GetProperty("seq").GetInt64(),
        At = DateTimeOffset.Parse(row.GetProperty("at").GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
        PreviousHash = row.GetProperty("previous_hash").GetString()!,
        Hash = row.GetProperty("hash").GetString()!,
        What = new AuditDraft
        {
            Actor = row.GetProperty("actor").GetString()!,
            Action = row.GetProperty("action").GetString()!,
            Resource = row.GetProperty("resource").GetString()!,
            Reason = Text(row, "reason"),
            Before = Raw(row, "before"),
            After = Raw(row, "after"),
            Node = Text(row, "node"),
            RemoteIp = Text(row, "remote_ip"),
        },
    };

    private static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out var field) ? field.GetString() : null;

    // The hash covers the text as it was written.
    private static string? Raw(JsonElement row, string name) =>
        row.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field.GetRawText() : null;
}
