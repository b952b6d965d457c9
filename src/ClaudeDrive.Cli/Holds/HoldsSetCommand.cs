using System.CommandLine;
using System.Text.Json.Nodes;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Holds;

/// <summary><c>holds set</c></summary>
internal static class HoldsSetCommand
{
    public static Command Create(CliContext context)
    {
        var session = new Option<string?>("--session") { Description = "Hold this session, which need not be known yet", HelpName = "ID" };
        var workspace = new Option<string?>("--workspace") { Description = "Hold all of this workspace", HelpName = "ID" };
        var everything = new Option<bool>("--everything") { Description = "Hold all there is" };
        var reason = new Option<string>("--reason") { Description = "Why; it goes into the audit log", HelpName = "TEXT", Required = true };
        var json = Verb.JsonOption();
        var command = new Command("set", "Set a legal hold: nothing of what is held is deleted or dropped by any rule")
        {
            session, workspace, everything, reason, json,
        };
        command.Validators.Add(result =>
        {
            var named = (result.GetValue(session) is null ? 0 : 1) + (result.GetValue(workspace) is null ? 0 : 1) + (result.GetValue(everything) ? 1 : 0);
            if (named != 1)
            {
                result.AddError("Give one of --session, --workspace and --everything.");
            }
        });
        return command.Runs(context, async run =>
        {
            var body = new JsonObject { ["reason"] = run.Get(reason) };
            Add(body, "session_id", run.Get(session));
            Add(body, "workspace_id", run.Get(workspace));
            if (run.Get(everything))
            {
                body["everything"] = true;
            }

            var document = await run.Api.PostAsync(ApiPath.Of("holds"), body.ToJsonString(), run.Stop);
            if (run.Get(json))
            {
                run.Out.Json(document.Text);
                return ExitCode.Done;
            }

            run.Out.Line(new Piece(document.Root.Text("hold_id") ?? "", Styles.Strong), " stands");
            return ExitCode.Done;
        });
    }

    private static void Add(JsonObject body, string name, string? value)
    {
        if (value is not null)
        {
            body[name] = value;
        }
    }
}
