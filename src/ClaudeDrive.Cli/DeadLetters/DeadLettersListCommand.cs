using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Listing;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.DeadLetters;

/// <summary><c>dead-letters list</c></summary>
internal static class DeadLettersListCommand
{
    public static Command Create(CliContext context)
    {
        return new ListVerb
        {
            Words = "dead-letters list",
            Description = "List events whose work failed for good",
            Noun = "dead letters",
            Path = ApiPath.Of("dead-letters"),
            WhenEmpty = "nothing to do: every accepted event was worked off or is still due (claudedrive status)",
            ShowOne = "events show EVENT_ID",
            Filters = Filters(),
            Columns = now =>
            [
                Column.Id("EVENT", "event_id"),
                Column.Text("TYPE", "event_type", leaveOut: 2, maxWidth: 44),
                Column.Id("RESOURCE", "resource_id", leaveOut: 3),
                Column.Text("LAST ERROR", "last_error", maxWidth: 48),
                Column.Number("ATTEMPTS", "attempts", leaveOut: 4),
                Column.Age("RECEIVED", now, "received_at"),
                Column.Utc("RECEIVED (UTC)", 5, "received_at"),
                Column.Text("ENDPOINT", "endpoint", leaveOut: 6, maxWidth: 24),
                Column.Id("WORKSPACE", "workspace_id", leaveOut: 7),
            ],
        }.Create(context);
    }

    /// <summary>The filters of the list, which are those of <c>dead-letters retry</c> too.</summary>
    public static IReadOnlyList<Filter> Filters()
    {
        return
        [
            Filter.Text("type", "Dead letters of this event type", "TYPE"),
            Filter.Text("resource_id", "Dead letters about this resource", "ID"),
            Filter.Text("session_id", "Dead letters about this session", "ID"),
            Filter.Text("workspace_id", "Dead letters of this workspace", "ID"),
            Filter.Text("endpoint", "Dead letters that came through this endpoint", "NAME"),
            Filter.Instant("from", "Received at or after this time: RFC 3339, or an age such as 15m, 6h, 2d"),
            Filter.Instant("to", "Received before this time"),
        ];
    }
}
