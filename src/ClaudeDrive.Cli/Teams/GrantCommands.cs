using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Teams;

/// <summary><c>teams grants add|remove</c>; <c>teams show</c> lists them.</summary>
internal static class GrantCommands
{
    public static Command Create(CliContext context) => new("grants", "What a team may do, and where") { Add(context), Remove(context) };

    private static Command Add(CliContext context)
    {
        var (team, options) = (TeamCommands.TeamId(), new GrantOptions());
        var command = new Command("add", "Grant a role over what all the named places have in common; none named: over everything") { team };
        options.AddTo(command);
        return command.Sends(
            context,
            (run, reason) => run.Api.PostAsync(ApiPath.Of("teams", run.Get(team), "grants"), options.Body(run, reason), run.Stop),
            static (run, grant) => run.Out.Line(grant.Root.Text("grant_id") ?? ""));
    }

    private static Command Remove(CliContext context)
    {
        var (team, grant) = (TeamCommands.TeamId(), Verb.IdArgument("GRANT_ID", "The grant, as in teams show"));
        return new Command("remove", "Take a grant back") { team, grant }.Sends(
            context,
            (run, reason) => run.Api.DeleteAsync(ChangeVerb.WithReason(ApiPath.Of("teams", run.Get(team), "grants", run.Get(grant)), reason), run.Stop),
            (run, _) => ChangeVerb.Say(run, run.Get(grant), "is taken back"));
    }
}
