using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Listing;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Audit;

/// <summary><c>audit list</c></summary>
internal static class AuditListCommand
{
    public static Command Create(CliContext context)
    {
        return new ListVerb
        {
            Words = "audit list",
            Description = "List who did what",
            Noun = "entries",
            Path = ApiPath.Of("audit"),
            WhenEmpty = "nobody has done anything that is recorded",
            Filters =
            [
                Filter.Text("actor", "By this actor", "NAME"),
                Filter.Text("action", "This action, such as review.answer", "ACTION"),
                Filter.Text("resource", "To this resource", "TYPE/ID"),
                Filter.Instant("from", "At or after this time: RFC 3339, or an age such as 15m, 6h, 2d"),
                Filter.Instant("to", "Before this time"),
            ],
            Columns = now =>
            [
                Column.Number("NO", "seq"),
                Column.Age("WHEN", now, "at"),
                Column.Utc("WHEN (UTC)", 2, "at"),
                Column.Text("ACTOR", "actor"),
                Column.Text("ACTION", "action"),
                Column.Id("RESOURCE", "resource"),
                Column.Text("REASON", "reason", leaveOut: 1),
                Column.Text("FROM", "remote_ip", leaveOut: 3),
            ],
        }.Create(context);
    }
}
