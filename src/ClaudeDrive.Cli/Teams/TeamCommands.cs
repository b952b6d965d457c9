using System.CommandLine;
using System.Text.Json;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Listing;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Teams;

/// <summary><c>teams show|create|delete</c></summary>
internal static class TeamCommands
{
    public static Argument<string> TeamId() => Verb.IdArgument("TEAM_ID", "The team, as in teams list");

    public static Command Show(CliContext context) => ShowVerb.Create(
        context, "show", "Show a team with its members and grants", TeamId(), static id => ApiPath.Of("teams", id), Write);

    public static Command Create(CliContext context)
    {
        var name = Verb.IdArgument("NAME", "Its name");
        return new Command("create", "Make a team without members and grants") { name }.Sends(
            context,
            (run, reason) => run.Api.PostAsync(ApiPath.Of("teams"), JsonText.Of(("name", run.Get(name)), ("reason", reason)), run.Stop),
            static (run, made) =>
            {
                run.Out.Line(made.Root.Text("team_id") ?? "");
                run.Err.Hint("next", $"claudedrive teams grants add {ShellWord.Quote(made.Root.Text("team_id") ?? "")} --role viewer --workspace ID");
            });
    }

    public static Command Delete(CliContext context)
    {
        var id = TeamId();
        return new Command("delete", "Remove a team with its members and grants, and revoke its keys") { id }.Sends(
            context,
            (run, reason) => run.Api.DeleteAsync(ChangeVerb.WithReason(ApiPath.Of("teams", run.Get(id)), reason), run.Stop),
            static (run, team) => ChangeVerb.Say(run, team.Root.Text("name") ?? "", "is deleted"));
    }

    /// <summary>A team for people.</summary>
    public static void Write(CliRun run, JsonElement team)
    {
        new FieldList().Add("team", team, "team_id").Add("name", team, "name").AddTime("made", team, run.Now, "created_at").Write(run.Out);
        if (team.Items("members") is { Count: > 0 } members)
        {
            run.Out.Heading("Members");
            RowTable.Write(run.Out, [Column.Id("WHO", "subject"), Column.Utc("ADDED (UTC)", 1, "added_at")], members);
        }

        if (team.Items("grants") is { Count: > 0 } grants)
        {
            run.Out.Heading("Grants");
            RowTable.Write(run.Out, GrantColumns, grants);
        }
    }

    /// <summary>Grants for people; a grant that names no place reaches everywhere.</summary>
    public static IReadOnlyList<Column> GrantColumns { get; } =
    [
        Column.Id("GRANT", "grant_id"),
        Column.Text("ROLE", "role"),
        Column.Id("ORGANIZATION", "organization_id"),
        Column.Id("WORKSPACE", "workspace_id"),
        Column.Id("AGENT", "agent_id"),
        new Column("METADATA", static row => row.Child("metadata") is { } pair ? $"{pair.Text("key")}={pair.Text("value")}" : string.Empty),
    ];
}
