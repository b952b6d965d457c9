using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Keys;

/// <summary><c>keys revoke ID</c></summary>
internal static class KeysRevokeCommand
{
    public static Command Create(CliContext context)
    {
        var id = Verb.IdArgument("KEY_ID", "The key, as in keys list");
        return new Command("revoke", "Revoke a key for good: within a second it is refused everywhere") { id }.Sends(
            context,
            (run, reason) => run.Api.DeleteAsync(ChangeVerb.WithReason(ApiPath.Of("keys", run.Get(id)), reason), run.Stop),
            static (run, revoked) => ChangeVerb.Say(run, revoked.Root.Text("name") ?? "", "is revoked"));
    }
}
