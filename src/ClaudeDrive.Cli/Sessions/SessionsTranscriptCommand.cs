using System.CommandLine;
using System.Text.Json;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Listing;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;
using Spectre.Console;

namespace ClaudeDrive.Cli.Sessions;

/// <summary><c>sessions transcript ID</c>: the session's events as Claude's API gave them, to read.</summary>
internal static class SessionsTranscriptCommand
{
    public static Command Create(CliContext context)
    {
        return ShowVerb.Create(
            context,
            "transcript",
            "Show what was said and done in a session",
            SessionsShowCommand.SessionId(),
            text => ApiPath.Of("sessions", text, "transcript"),
            Show);
    }

    private static void Show(CliRun run, JsonElement root)
    {
        var events = root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : root.Items("data", "events", "transcript");
        if (events.Count == 0)
        {
            run.Err.Line("no transcript yet: the session has not been hydrated, or nothing was said");
            run.Err.Hint("next", "claudedrive events list --session SESSION_ID");
            return;
        }

        foreach (var one in events)
        {
            ShowOne(run, one);
        }
    }

    private static void ShowOne(CliRun run, JsonElement one)
    {
        var type = one.Text("type") ?? "event";
        run.Out.Line(
            new Piece(type, StyleOf(type)),
            new Piece(one.Text("name") is { } tool ? "  " + tool : string.Empty, Styles.Strong),
            new Piece(one.Instant("processed_at", "created_at") is { } at ? "  " + Ages.Utc(at) : string.Empty, Styles.Faint),
            new Piece(one.Text("id") is { } id ? "  " + id : string.Empty, Styles.Faint));
        foreach (var text in Spoken(one))
        {
            run.Out.Block(text, indent: 2);
        }

        if (one.Child("input") is { } input && !input.IsEmpty())
        {
            run.Out.Verbatim(input.Pretty(), indent: 2);
        }

        foreach (var (name, value) in Remarks(one))
        {
            run.Out.Line("  ", new Piece(name + ": ", Styles.Faint), value);
        }
    }

    /// <summary>Texts of the event's content, which is a text or a list of blocks.</summary>
    private static IEnumerable<string> Spoken(JsonElement one)
    {
        return one.Child("content") switch
        {
            { ValueKind: JsonValueKind.String } text => [text.Plain()],
            { ValueKind: JsonValueKind.Array } blocks => blocks.EnumerateArray().Select(block =>
                block.Text("text") ?? "[" + (block.Text("type") ?? "content") + "]"),
            _ => [],
        };
    }

    private static IEnumerable<(string Name, string Value)> Remarks(JsonElement one)
    {
        string[] names = ["stop_reason", "error", "result", "deny_message", "is_error", "custom_tool_use_id", "tool_use_id", "evaluated_permission"];
        foreach (var name in names)
        {
            if (one.Child(name) is { } value && !(name == "is_error" && value.ValueKind == JsonValueKind.False))
            {
                yield return (name.Replace('_', ' '), value.Plain());
            }
        }
    }

    private static Style StyleOf(string type)
    {
        return type switch
        {
            "session.error" => Styles.Bad,
            _ when type.StartsWith("user.", StringComparison.Ordinal) => Styles.Good,
            _ when type.StartsWith("agent.", StringComparison.Ordinal) => Styles.Moving,
            _ => Styles.Faint,
        };
    }
}
