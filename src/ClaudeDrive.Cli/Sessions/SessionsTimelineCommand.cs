using System.CommandLine;
using System.Text.Json;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Listing;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Sessions;

/// <summary><c>sessions timeline ID</c>: when each thing happened and when we knew.</summary>
internal static class SessionsTimelineCommand
{
    public static Command Create(CliContext context)
    {
        return ShowVerb.Create(
            context,
            "timeline",
            "Show what happened in a session, on both clocks",
            SessionsShowCommand.SessionId(),
            text => ApiPath.Of("sessions", text, "timeline"),
            Show);
    }

    private static void Show(CliRun run, JsonElement root)
    {
        var rows = root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : root.Items("data", "entries", "timeline");
        if (rows.Count == 0)
        {
            run.Err.Line("nothing is known of this session yet");
            run.Err.Hint("next", "claudedrive events list --session SESSION_ID");
            return;
        }

        RowTable.Write(
            run.Out,
            [
                new Column("HAPPENED (UTC)", row => Time(row, "happened_at", "occurred_at", "at", "created_at")),
                new Column("KNOWN", KnownLater, LeaveOut: 1),
                new Column("WHAT", row => row.Text("kind", "type", "event_type") ?? string.Empty) { MaxWidth = 44 },
                new Column("DETAIL", row => row.Text("summary", "text", "title", "detail", "description", "tool_name") ?? string.Empty, LeaveOut: 2)
                {
                    MaxWidth = 60,
                },
                new Column("STATE", row => Styles.State(row.Text("state", "status", "triage")), LeaveOut: 3) { MaxWidth = 32 },
                Column.Number("REV", "revision", leaveOut: 4),
                new Column("ID", row => row.Text("event_id", "id", "review_id", "request_id") ?? string.Empty, LeaveOut: 5),
            ],
            rows);
        if (root.Number("total") is { } total && total > rows.Count)
        {
            run.Err.Line(new Piece(FormattableString.Invariant($"{rows.Count} of {ListTotal.Of(root)} entries"), Styles.Faint));
        }
    }

    /// <summary>How much later than it happened we knew.</summary>
    private static Piece KnownLater(JsonElement row)
    {
        if (row.Instant("known_at", "recorded_at", "received_at") is not { } known)
        {
            return string.Empty;
        }

        return row.Instant("happened_at", "occurred_at", "at", "created_at") is { } happened && known >= happened
            ? new Piece(known - happened < TimeSpan.FromSeconds(1) ? "at once" : Ages.Span(known - happened) + " later", Styles.Faint)
            : new Piece(Ages.Utc(known), Styles.Faint);
    }

    private static Piece Time(JsonElement row, params ReadOnlySpan<string> fields)
    {
        return row.Instant(fields) is { } at ? Ages.Utc(at) : string.Empty;
    }
}
