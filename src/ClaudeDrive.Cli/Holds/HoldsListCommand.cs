using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Listing;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Holds;

/// <summary><c>holds list</c></summary>
internal static class HoldsListCommand
{
    public static Command Create(CliContext context)
    {
        return new ListVerb
        {
            Words = "holds list",
            Description = "List legal holds",
            Noun = "holds",
            Path = ApiPath.Of("holds"),
            WhenEmpty = "nothing is held: claudedrive holds set --session SESSION_ID --reason WHY",
            Columns = now =>
            [
                Column.Id("HOLD", "hold_id"),
                Column.Text("SCOPE", "scope"),
                new Column("TARGET", row => row.Text("session_id", "workspace_id") ?? string.Empty),
                Column.Text("REASON", "reason", maxWidth: 48),
                Column.Text("SET BY", "set_by", leaveOut: 2, maxWidth: 32),
                Column.Age("SET", now, "set_at"),
                Column.Utc("SET (UTC)", 3, "set_at"),
            ],
        }.Create(context);
    }
}
