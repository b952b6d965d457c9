using System.CommandLine;
using System.Text.Json;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Listing;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Sessions;

/// <summary><c>sessions show ID</c></summary>
internal static class SessionsShowCommand
{
    public static Command Create(CliContext context)
    {
        return ShowVerb.Create(
            context, "show", "Show one session as it is now", SessionId(), text => ApiPath.Of("sessions", text), Show);
    }

    public static Argument<string> SessionId() => Verb.IdArgument("SESSION_ID", "The session, as in sessions list");

    private static void Show(CliRun run, JsonElement session)
    {
        new FieldList()
            .Add("session", session, "session_id")
            .Add("title", session, "title")
            .AddState("status", session, "status")
            .AddState("triage", session, "triage")
            .Add("stop reason", session.Child("stop_reason") is { ValueKind: JsonValueKind.Object } reason
                ? reason.Text("type") ?? string.Empty
                : session.Text("stop_reason") ?? string.Empty)
            .Add("agent", SessionsListCommand.AgentName(session))
            .Add("workspace", session, "workspace_id")
            .Add("revision", session, "revision")
            .AddTime("as of", session, run.Now, "as_of")
            .AddTime("hydrated", session, run.Now, "hydrated_at")
            .Write(run.Out);
        WriteObject(run, "Metadata", session.Child("metadata"));
        WriteObject(run, "Usage", session.Child("usage"));
        var blockers = session.Items("blockers");
        if (blockers.Count > 0)
        {
            run.Out.Heading("Waits for");
            AnyRows.Write(run.Out, blockers, run.Now, indent: 2);
        }

        foreach (var review in blockers.Select(blocker => blocker.Text("review_id")).OfType<string>())
        {
            run.Err.Hint("next", "claudedrive reviews show " + ShellWord.Quote(review));
        }
    }

    private static void WriteObject(CliRun run, string heading, JsonElement? value)
    {
        if (value is not { ValueKind: JsonValueKind.Object } fields || fields.IsEmpty())
        {
            return;
        }

        run.Out.Heading(heading);
        var list = new FieldList();
        foreach (var field in fields.EnumerateObject())
        {
            list.Add(field.Name, field.Value.Plain());
        }

        list.Write(run.Out, indent: 2);
    }
}
