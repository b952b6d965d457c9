using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Listing;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Events;

/// <summary><c>events list</c></summary>
internal static class EventsListCommand
{
    public static Command Create(CliContext context)
    {
        return new ListVerb
        {
            Words = "events list",
            Description = "List webhook events, newest first",
            Noun = "events",
            Path = ApiPath.Of("events"),
            WhenEmpty = "deliver one: claudedrive demo, or point Claude's webhook at POST /webhooks/claude",
            ShowOne = "events show EVENT_ID",
            Filters =
            [
                Filter.Text("type", "Events of this type, such as session.status_idled", "TYPE"),
                Filter.Text("resource_id", "Events about this resource", "ID"),
                Filter.Text("session_id", "Events about this session", "ID"),
                Filter.Text("workspace_id", "Events of this workspace", "ID"),
                Filter.OneOf("state", "Events in this state", "pending", "applied", "superseded", "dead", "covered", "discarded"),
                Filter.Text("endpoint", "Events that came through this endpoint", "NAME"),
                Filter.OneOf("source", "How we learned of them", "webhook", "inferred", "manual"),
                Filter.Instant("from", "Received at or after this time: RFC 3339, or an age such as 15m, 6h, 2d"),
                Filter.Instant("to", "Received before this time"),
            ],
            Columns = now =>
            [
                Column.Id("EVENT", "event_id"),
                Column.Text("TYPE", "event_type", maxWidth: 44),
                Column.State("STATE", "state"),
                Column.Id("RESOURCE", "resource_id", leaveOut: 1),
                Column.Age("RECEIVED", now, "received_at"),
                Column.Utc("RECEIVED (UTC)", 3, "received_at"),
                Column.Number("DELIVERIES", "deliveries", leaveOut: 4),
                Column.Number("ATTEMPTS", "attempts", leaveOut: 5),
                Column.Text("LAST ERROR", "last_error", leaveOut: 2, maxWidth: 40),
                Column.Text("SOURCE", "source", leaveOut: 6),
                Column.Text("ENDPOINT", "endpoint", leaveOut: 7, maxWidth: 24),
                Column.Id("WORKSPACE", "workspace_id", leaveOut: 8),
            ],
        }.Create(context);
    }
}
