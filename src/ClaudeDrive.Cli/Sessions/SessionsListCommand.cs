using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Listing;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Sessions;

/// <summary><c>sessions list</c></summary>
internal static class SessionsListCommand
{
    public static Command Create(CliContext context)
    {
        return new ListVerb
        {
            Words = "sessions list",
            Description = "List sessions",
            Noun = "sessions",
            Path = ApiPath.Of("sessions"),
            WhenEmpty = "a session appears here with its first webhook: claudedrive events list, or try claudedrive demo",
            ShowOne = "sessions show SESSION_ID",
            Filters =
            [
                Filter.Text("status", "Sessions with this status, such as idle or running", "STATUS"),
                Filter.Text("triage", "Sessions idle for this reason, such as needs_answer or finished", "TRIAGE"),
                Filter.Text("workspace_id", "Sessions of this workspace", "ID"),
                Filter.Text("agent_id", "Sessions of this agent", "ID"),
                Filter.Text("q", "Sessions whose title or id contains this text", "TEXT"),
            ],
            Columns = now =>
            [
                Column.Id("SESSION", "session_id"),
                Column.State("STATUS", "status"),
                Column.State("TRIAGE", "triage"),
                new Column("WAITS FOR", WaitsFor, LeaveOut: 2) { MaxWidth = 30 },
                Column.Text("TITLE", "title", leaveOut: 1, maxWidth: 40),
                new Column("AGENT", row => AgentName(row), LeaveOut: 4) { MaxWidth = 32 },
                Column.Age("AS OF", now, "as_of", "hydrated_at"),
                Column.Utc("AS OF (UTC)", 5, "as_of", "hydrated_at"),
                Column.Number("REV", "revision", leaveOut: 3),
                Column.Id("WORKSPACE", "workspace_id", leaveOut: 6),
            ],
        }.Create(context);
    }

    /// <summary>The agent's name or id, whether the server gives an object or a text.</summary>
    public static string AgentName(JsonElement session)
    {
        return session.Child("agent") switch
        {
            { ValueKind: JsonValueKind.Object } agent => agent.Text("name", "id", "agent_id") ?? string.Empty,
            { } agent => agent.Plain(),
            _ => string.Empty,
        };
    }

    private static Piece WaitsFor(JsonElement session)
    {
        var blockers = session.Items("blockers");
        return blockers.Count switch
        {
            0 => string.Empty,
            1 => blockers[0].Text("tool_name", "kind") ?? "1 answer",
            var count => count.ToString(CultureInfo.InvariantCulture) + " answers",
        };
    }
}
