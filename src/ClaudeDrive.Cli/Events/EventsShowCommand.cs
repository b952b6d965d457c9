using System.CommandLine;
using System.Text.Json;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Listing;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Events;

/// <summary><c>events show ID</c>: the event, everything that became of it, and its payload as it was signed.</summary>
internal static class EventsShowCommand
{
    private static readonly string[] Trace = ["deliveries", "fetches", "revision", "revisions", "reviews", "sends"];

    public static Command Create(CliContext context)
    {
        var id = Verb.IdArgument("EVENT_ID", "The event, as in events list");
        return ShowVerb.Create(context, "show", "Show one event with its payload and its whole trace", id, text => ApiPath.Of("events", text), Show);
    }

    private static void Show(CliRun run, JsonElement root)
    {
        var one = root.Child("event") is { ValueKind: JsonValueKind.Object } inner ? inner : root;
        new FieldList()
            .Add("event", one, "event_id")
            .Add("type", one, "event_type")
            .AddState("state", one, "state")
            .Add("resource", Joined(one.Text("resource_type"), one.Text("resource_id")))
            .Add("endpoint", one, "endpoint")
            .Add("source", Joined(one.Text("source"), one.Text("dialect")))
            .Add("workspace", one, "workspace_id")
            .Add("organization", one, "organization_id")
            .AddTime("happened", one, run.Now, "created_at")
            .AddTime("received", one, run.Now, "received_at")
            .Add("attempts", one, "attempts")
            .Add("revision", one, "applied_revision")
            .Add("last error", new Piece(one.Text("last_error") ?? string.Empty, Styles.Bad))
            .Write(run.Out);
        foreach (var name in Trace)
        {
            WriteTrace(run, root, name);
        }

        if ((root.Child("payload", "raw_payload", "raw", "body") ?? one.Child("payload", "raw_payload", "raw", "body")) is { } payload)
        {
            run.Out.Heading("Payload as received");
            run.Out.Verbatim(payload.ValueKind == JsonValueKind.String ? PrettyText(payload.Plain()) : payload.Pretty(), indent: 2);
        }

        if (one.Text("state") == "dead" && one.Text("event_id") is { } eventId)
        {
            run.Err.Hint("next", $"claudedrive dead-letters retry {ShellWord.Quote(eventId)}");
        }
    }

    /// <summary>One step of the trace, which stands in the document itself or in its <c>trace</c>.</summary>
    private static void WriteTrace(CliRun run, JsonElement root, string name)
    {
        var step = root.Child("trace")?.Child(name) ?? root.Child(name);
        if (step is not { ValueKind: JsonValueKind.Array or JsonValueKind.Object } value || value.IsEmpty())
        {
            return;
        }

        run.Out.Heading(char.ToUpperInvariant(name[0]) + name[1..]);
        AnyRows.Write(run.Out, value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value], run.Now, indent: 2);
    }

    private static string PrettyText(string payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            return document.RootElement.Pretty();
        }
        catch (JsonException)
        {
            return payload;
        }
    }

    private static string Joined(string? first, string? second)
    {
        return string.Join(' ', new[] { first, second }.Where(part => !string.IsNullOrEmpty(part)));
    }
}
