using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Listing;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Keys;

/// <summary><c>keys list</c></summary>
internal static class KeysListCommand
{
    public static Command Create(CliContext context)
    {
        return new ListVerb
        {
            Words = "keys list",
            Description = "List API keys, revoked and expired ones included; never the keys themselves",
            Noun = "keys",
            Path = ApiPath.Of("keys"),
            WhenEmpty = "claudedrive keys create NAME",
            Columns = now =>
            [
                Column.Id("KEY", "key_id"),
                Column.Text("NAME", "name"),
                Column.Text("PREFIX", "prefix", leaveOut: 5),
                Column.Text("ROLE", "role"),
                Column.Id("TEAM", "team_id", leaveOut: 2),
                Column.Age("LAST USED", now, "last_used_at"),
                Column.Utc("EXPIRES (UTC)", 1, "expires_at"),
                Column.Utc("REVOKED (UTC)", 3, "revoked_at"),
                Column.Text("MADE BY", "created_by", leaveOut: 4),
            ],
        }.Create(context);
    }
}
