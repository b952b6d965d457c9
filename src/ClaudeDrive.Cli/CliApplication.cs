using System.CommandLine;
using ClaudeDrive.Cli.Access;
using ClaudeDrive.Cli.Audit;
using ClaudeDrive.Cli.Backups;
using ClaudeDrive.Cli.DeadLetters;
using ClaudeDrive.Cli.Deliveries;
using ClaudeDrive.Cli.Demo;
using ClaudeDrive.Cli.Events;
using ClaudeDrive.Cli.Keys;
using ClaudeDrive.Cli.Reviews;
using ClaudeDrive.Cli.Running;
using ClaudeDrive.Cli.Serving;
using ClaudeDrive.Cli.Sessions;
using ClaudeDrive.Cli.Simulating;
using ClaudeDrive.Cli.Status;
using ClaudeDrive.Cli.Teams;
using ClaudeDrive.Cli.Verify;

namespace ClaudeDrive.Cli;

/// <summary>The program <c>claudedrive</c>: one command tree, run in process by tests and by <c>Program.cs</c>.</summary>
internal static class CliApplication
{
    /// <summary>Runs one command line. Returns 0 when done, 1 when it failed, 2 when it was used wrongly.</summary>
    public static async Task<int> RunAsync(string[] args, CliHost host, CancellationToken cancellationToken)
    {
        var context = new CliContext(host);
        var parsed = BuildTree(context).Parse(args, new ParserConfiguration
        {
            // "@name" is a value like any other (a mention in an answer), never a file to read options from.
            ResponseFileTokenReplacer = null,
            EnablePosixBundling = false,
        });
        if (parsed.Errors.Count > 0)
        {
            return UsageErrors.Report(parsed, context);
        }

        return await parsed.InvokeAsync(
            new InvocationConfiguration
            {
                Output = host.Output,
                Error = host.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            },
            cancellationToken);
    }

    private static RootCommand BuildTree(CliContext context)
    {
        var root = new RootCommand("ClaudeDrive: the context layer for Claude's webhooks. Receives, hydrates, asks people, resumes.")
        {
            DemoCommand.Create(context),
            ServeCommand.Create(context),
            SimulateCommand.Create(context),
            StatusCommand.Create(context),
            Group(
                "events",
                "Webhook events: what arrived and what became of it",
                EventsListCommand.Create(context),
                EventsShowCommand.Create(context),
                EventsTailCommand.Create(context),
                EventsReplayCommand.Create(context)),
            Group(
                "sessions",
                "Sessions as Claude's API describes them, with their history",
                SessionsListCommand.Create(context),
                SessionsShowCommand.Create(context),
                SessionsTimelineCommand.Create(context),
                SessionsTranscriptCommand.Create(context),
                SessionsHistoryCommand.Create(context),
                SessionsDiffCommand.Create(context)),
            Group(
                "reviews",
                "Sessions that wait for a person",
                ReviewsListCommand.Create(context),
                ReviewsShowCommand.Create(context),
                ReviewsClaimCommand.Create(context),
                ReviewsReleaseCommand.Create(context),
                ReviewsAnswerCommand.Create(context)),
            Group(
                "dead-letters",
                "Events whose work failed for good",
                DeadLettersListCommand.Create(context),
                DeadLettersRetryCommand.Create(context),
                DeadLettersDiscardCommand.Create(context)),
            Group("deliveries", "Every attempt that reached the receiver", DeliveriesListCommand.Create(context)),
            VerifyCommand.Create(context, new SignatureChecks()),
            BackupCommand.Create(context),
            RestoreCommand.Create(context),
        };
        foreach (var group in AccessGroups(context))
        {
            root.Subcommands.Add(group);
        }

        root.Options.Add(context.ServerOption);
        root.Options.Add(context.ApiKeyOption);
        return root;
    }

    private static IEnumerable<Command> AccessGroups(CliContext context) =>
    [
        Group("keys", "API keys", KeysListCommand.Create(context), KeysCreateCommand.Create(context), KeysRevokeCommand.Create(context)),
        Group(
            "teams",
            "Who belongs together, and what they may see and do",
            TeamsListCommand.Create(context),
            TeamCommands.Show(context),
            TeamCommands.Create(context),
            TeamCommands.Delete(context),
            MemberCommands.Create(context),
            GrantCommands.Create(context)),
        Group(
            "audit",
            "Who did what: a log that shows when somebody changed it",
            AuditListCommand.Create(context),
            AuditExportCommand.Create(context),
            AuditVerifyCommand.Create(context)),
        Group(
            "access",
            "Why somebody sees something, and whether grants say what they should",
            AccessCommands.Why(context),
            AccessCommands.Who(context),
            AccessCommands.Preview(context),
            AccessTestCommand.Create(context)),
    ];

    private static Command Group(string name, string description, params ReadOnlySpan<Command> verbs)
    {
        var group = new Command(name, description);
        foreach (var verb in verbs)
        {
            group.Subcommands.Add(verb);
        }

        return group;
    }
}
