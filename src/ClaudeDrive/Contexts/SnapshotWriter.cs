using System.Text.Json;

namespace ClaudeDrive.Contexts;

/// <summary>Writes the snapshot of a context: always the same bytes for the same state, since its hash is in the chain.</summary>
internal static class SnapshotWriter
{
    /// <summary>Writes <c>{status, triage, stop_reason, blockers[], transcript, resource}</c>; the resource as fetched, or null.</summary>
    public static void Write(
        Utf8JsonWriter writer,
        string status,
        string? triage,
        string? stopReason,
        IReadOnlyList<Blocker> blockers,
        SessionFold? fold,
        ReadOnlyMemory<byte> resource)
    {
        writer.WriteStartObject();
        writer.WriteString("status", status);
        writer.WriteString("triage", triage);
        writer.WriteString("stop_reason", stopReason);
        writer.WriteStartArray("blockers");
        foreach (var blocker in blockers)
        {
            writer.WriteStartObject();
            writer.WriteString("blocking_event_id", blocker.BlockingEventId);
            writer.WriteString("kind", blocker.Kind);
            writer.WriteString("tool_name", blocker.ToolName);
            writer.WriteString("input_hash", blocker.InputHash);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WritePropertyName("transcript");
        if (fold is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteNumber("events", fold.Events);
            writer.WriteString("last_event_id", fold.LastEventId);
            writer.WriteEndObject();
        }

        writer.WritePropertyName("resource");
        if (resource.IsEmpty)
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteRawValue(resource.Span, skipInputValidation: true);
        }

        writer.WriteEndObject();
    }
}
