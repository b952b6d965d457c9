using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Teams;

/// <summary><c>teams members add|remove TEAM_ID SUBJECT</c>; <c>teams show</c> lists them.</summary>
internal static class MemberCommands
{
    public static Command Create(CliContext context) => new("members", "Who belongs to a team") { Add(context), Remove(context) };

    private static Command Add(CliContext context)
    {
        var (team, subject) = (TeamCommands.TeamId(), Subject());
        return new Command("add", "Add somebody; again: changes nothing") { team, subject }.Sends(
            context,
            (run, reason) => run.Api.PostAsync(
                ApiPath.Of("teams", run.Get(team), "members"), JsonText.Of(("subject", run.Get(subject)), ("reason", reason)), run.Stop),
            (run, after) => ChangeVerb.Say(run, run.Get(subject), $"belongs to {after.Root.Text("name")}"));
    }

    private static Command Remove(CliContext context)
    {
        var (team, subject) = (TeamCommands.TeamId(), Subject());
        return new Command("remove", "Remove somebody") { team, subject }.Sends(
            context,
            (run, reason) => run.Api.DeleteAsync(
                ChangeVerb.WithReason(ApiPath.Of("teams", run.Get(team), "members", run.Get(subject)), reason), run.Stop),
            (run, after) => ChangeVerb.Say(run, run.Get(subject), $"no longer belongs to {after.Root.Text("name")}"));
    }

    private static Argument<string> Subject() => Verb.IdArgument("SUBJECT", "The person, as the sign-in names them");
}
