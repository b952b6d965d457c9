using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Listing;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;
using ClaudeDrive.Cli.Teams;

namespace ClaudeDrive.Cli.Access;

/// <summary><c>access why|who|preview</c></summary>
internal static class AccessCommands
{
    public static Command Why(CliContext context) => ShowVerb.Create(
        context, "why", "Which of your grants show a resource", Resource(), static resource => Path("why", resource), static (run, answer) =>
        {
            Place(run, answer);
            if (answer.Items("grants") is { Count: > 0 } grants)
            {
                run.Out.Heading("Because of");
                RowTable.Write(run.Out, [Column.Id("TEAM", "team_id"), .. TeamCommands.GrantColumns], grants);
            }
        });

    public static Command Who(CliContext context) => ShowVerb.Create(
        context, "who", "Who sees a resource: teams and keys", Resource(), static resource => Path("who", resource), static (run, answer) =>
        {
            Place(run, answer);
            Rows(run, "Teams", answer.Items("teams"));
            Rows(run, "Keys", answer.Items("keys"));
        });

    public static Command Preview(CliContext context)
    {
        var (team, options, json) = (TeamCommands.TeamId(), new GrantOptions(isOptional: true), Verb.JsonOption());
        var remove = new Option<string[]>("--remove") { Description = "Grants that the team would lose, as in teams show", HelpName = "GRANT_ID", AllowMultipleArgumentsPerToken = true };
        var command = new Command("preview", "What a change of a team's grants would show and hide; changes nothing") { team, remove, json };
        options.AddTo(command);
        return command.Runs(context, async run =>
        {
            var body = new JsonObject { ["team_id"] = run.Get(team) };
            if (options.IsGiven(run))
            {
                body["add"] = new JsonArray(JsonNode.Parse(options.Body(run, null)));
            }

            if (run.Get(remove) is { Length: > 0 } removed)
            {
                var ids = new JsonArray();
                foreach (var id in removed)
                {
                    ids.Add((JsonNode?)JsonValue.Create(id));
                }

                body["remove"] = ids;
            }

            var document = await run.Api.PostAsync(ApiPath.Of("access", "preview"), body.ToJsonString(), run.Stop);
            if (run.Get(json))
            {
                run.Out.Json(document.Text);
                return ExitCode.Done;
            }

            Side(run, document.Root, "shown");
            Side(run, document.Root, "hidden");
            return ExitCode.Done;
        });
    }

    private static Argument<string> Resource() => Verb.IdArgument("RESOURCE", "TYPE/ID, such as session/sesn_1, event/whe_1, review/rev_1; without a type a session's id");

    private static string Path(string verb, string resource) => ApiPath.WithQuery(ApiPath.Of("access", verb), [new("resource", resource)]);

    private static void Place(CliRun run, JsonElement answer) => new FieldList()
        .Add("resource", answer, "resource")
        .Add("role", answer, "role")
        .Add("organization", answer.Child("place") ?? default, "organization_id")
        .Add("workspace", answer.Child("place") ?? default, "workspace_id")
        .Add("agent", answer.Child("place") ?? default, "agent_id")
        .Write(run.Out);

    private static void Rows(CliRun run, string heading, IReadOnlyList<JsonElement> rows)
    {
        if (rows.Count > 0)
        {
            run.Out.Heading(heading);
            AnyRows.Write(run.Out, rows, run.Now, indent: 2);
        }
    }

    private static void Side(CliRun run, JsonElement answer, string side)
    {
        var found = answer.Child(side) ?? default;
        run.Out.Line(new Piece($"{found.Text("total") ?? "0"}", Styles.Strong), $" would be {side}");
        Rows(run, $"Examples {side}", found.Items("examples"));
    }
}
