using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Listing;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Teams;

/// <summary><c>teams list</c></summary>
internal static class TeamsListCommand
{
    public static Command Create(CliContext context)
    {
        return new ListVerb
        {
            Words = "teams list",
            Description = "List teams",
            Noun = "teams",
            Path = ApiPath.Of("teams"),
            WhenEmpty = "claudedrive teams create NAME",
            ShowOne = "teams show TEAM_ID",
            Columns = now =>
            [
                Column.Id("TEAM", "team_id"),
                Column.Text("NAME", "name"),
                new Column("MEMBERS", row => Count(row, "members")) { RightAligned = true },
                new Column("GRANTS", row => Count(row, "grants")) { RightAligned = true },
                Column.Utc("MADE (UTC)", 1, "created_at"),
            ],
        }.Create(context);
    }

    private static string Count(System.Text.Json.JsonElement row, string field) =>
        row.Items(field).Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
