using System.Text.Json;
using ClaudeDrive.Cli.Listing;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Status;

/// <summary>The processes over the store, for people; and which role nobody has.</summary>
internal static class NodesView
{
    private static readonly string[] Roles = ["ingest", "worker", "console"];

    public static void Write(CliRun run, JsonElement nodes, DateTimeOffset now)
    {
        var rows = nodes.Items("data");
        run.Out.Heading("Nodes");
        RowTable.Write(
            run.Out,
            [
                new Column("NODE", row => row.Text("node_id") + (IsThis(row) ? " (this)" : string.Empty)),
                Column.State("STATE", "state"),
                new Column("ROLES", row => string.Join(",", RolesOf(row))),
                Column.Age("HEARTBEAT", now, "last_heartbeat_at"),
                Column.Number("LEASES", "leases"),
                Column.Number("SENDS", "sends", leaveOut: 4),
                new Column("DUTIES", static row => string.Join(" ", row.Items("duties").Select(static duty => duty.GetString())), LeaveOut: 3),
                Column.Text("HOST", "name", leaveOut: 1, maxWidth: 40),
                Column.Text("VERSION", "version", leaveOut: 2),
                Column.Age("STARTED", now, "started_at"),
            ],
            rows,
            indent: 2);
        var alive = rows.Where(static row => row.Text("state") == "alive").SelectMany(RolesOf).ToHashSet(StringComparer.Ordinal);
        foreach (var missing in Roles.Where(role => !alive.Contains(role)))
        {
            run.Err.Line(new Piece("warning", Styles.Bad), $": no living node has the role {missing}");
        }
    }

    private static bool IsThis(JsonElement row) => row.TryGetProperty("is_this", out var value) && value.ValueKind == JsonValueKind.True;

    private static IEnumerable<string> RolesOf(JsonElement row) => row.Items("roles").Select(static role => role.GetString() ?? string.Empty);
}
