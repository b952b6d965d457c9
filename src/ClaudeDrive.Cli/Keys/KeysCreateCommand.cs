using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Listing;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Keys;

/// <summary><c>keys create NAME</c>: the key is the only thing on standard output, so that a script can take it.</summary>
internal static class KeysCreateCommand
{
    /// <summary>Roles, least first.</summary>
    public static readonly string[] Roles = ["viewer", "reviewer", "operator", "admin"];

    public static Command Create(CliContext context)
    {
        var name = Verb.IdArgument("NAME", "What the key is for; its acts are recorded under it");
        var team = new Option<string?>("--team") { Description = "The team whose grants it has; without one it reaches over everything", HelpName = "TEAM_ID" };
        var role = new Option<string?>("--role") { Description = "The most it may do (default: what the team may; without a team, viewer)", HelpName = string.Join('|', Roles) };
        role.AcceptOnlyFromAmong(Roles);
        var expires = new Option<string?>("--expires") { Description = "When it ends: RFC 3339", HelpName = "TIME" };
        return new Command("create", "Make an API key; it is shown this once") { name, team, role, expires }.Sends(
            context,
            (run, reason) => run.Api.PostAsync(
                ApiPath.Of("keys"),
                JsonText.Of(
                    ("name", run.Get(name)), ("team_id", run.Get(team)), ("role", run.Get(role)), ("expires_at", Expiry(run, run.Get(expires))), ("reason", reason)),
                run.Stop),
            static (run, made) =>
            {
                run.Out.Line(made.Root.Text("key") ?? "");
                run.Err.Line($"{made.Root.Text("key_id")}, {made.Root.Text("role")}: shown this once; only its hash is kept");
            });
    }

    private static string? Expiry(CliRun run, string? text)
    {
        if (text is null)
        {
            return null;
        }

        // An age counts backwards in lists; an end lies ahead, so only an instant is unmistakable.
        return DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var at)
            && at > run.Now
            ? InstantText.Write(at)
            : throw CliException.Usage($"--expires '{text}' is not a time that lies ahead", "give RFC 3339 like 2027-03-18T00:00:00Z");
    }
}
