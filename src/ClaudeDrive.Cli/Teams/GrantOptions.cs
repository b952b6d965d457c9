using System.CommandLine;
using System.Text.Json.Nodes;
using ClaudeDrive.Cli.Keys;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Teams;

/// <summary>The options that say a grant.</summary>
internal sealed class GrantOptions(bool isOptional = false)
{
    private readonly Option<string?> _role = new("--role") { Description = "What may be done there", HelpName = string.Join('|', KeysCreateCommand.Roles), Required = !isOptional };

    private readonly Option<string?> _organization = new("--organization") { Description = "Only in this organization", HelpName = "ID" };

    private readonly Option<string?> _workspace = new("--workspace") { Description = "Only in this workspace", HelpName = "ID" };

    private readonly Option<string?> _agent = new("--agent") { Description = "Only of this agent", HelpName = "ID" };

    private readonly Option<string?> _metadata = new("--metadata") { Description = "Only with this metadata pair", HelpName = "KEY=VALUE" };

    public void AddTo(Command command)
    {
        _role.AcceptOnlyFromAmong(KeysCreateCommand.Roles);
        _metadata.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.Tokens[0].Value.IndexOf('=', StringComparison.Ordinal) < 1)
            {
                result.AddError($"--metadata '{result.Tokens[0].Value}' is not KEY=VALUE.");
            }
        });
        command.Options.Add(_role);
        command.Options.Add(_organization);
        command.Options.Add(_workspace);
        command.Options.Add(_agent);
        command.Options.Add(_metadata);
    }

    /// <summary>True when a role was named; places without one are wrong usage.</summary>
    public bool IsGiven(CliRun run) => run.Has(_role)
        || (run.Has(_organization) || run.Has(_workspace) || run.Has(_agent) || run.Has(_metadata)
            ? throw CliException.Usage("a grant needs --role")
            : false);

    /// <summary>The grant as the API takes it.</summary>
    public string Body(CliRun run, string? reason)
    {
        var body = new JsonObject { ["role"] = run.Get(_role) };
        Add("organization_id", run.Get(_organization));
        Add("workspace_id", run.Get(_workspace));
        Add("agent_id", run.Get(_agent));
        Add("reason", reason);
        if (run.Get(_metadata)?.Split('=', 2) is [var key, var value])
        {
            body["metadata"] = new JsonObject { ["key"] = key, ["value"] = value };
        }

        return body.ToJsonString();

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                body[name] = value;
            }
        }
    }
}
