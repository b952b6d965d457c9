using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.DeadLetters;

/// <summary><c>dead-letters retry ID… | --all | filters</c></summary>
internal static class DeadLettersRetryCommand
{
    public static Command Create(CliContext context)
    {
        var ids = new Argument<string[]>("EVENT_ID")
        {
            Description = "Dead letters to work on again, as in dead-letters list",
            Arity = ArgumentArity.ZeroOrMore,
        };
        ids.Validators.Add(Verb.CheckIds);
        var all = new Option<bool>("--all") { Description = "All dead letters" };
        var json = Verb.JsonOption();
        var filters = DeadLettersListCommand.Filters();
        var command = new Command("retry", "Work on dead letters again: by id, all, or those that match") { ids, all };
        foreach (var filter in filters)
        {
            command.Options.Add(filter.Option);
        }

        command.Options.Add(json);
        command.Validators.Add(result =>
        {
            var ways = (result.GetResult(ids) is { Tokens.Count: > 0 } ? 1 : 0)
                + (result.GetResult(all) is { Implicit: false } ? 1 : 0)
                + (filters.Any(filter => result.GetResult(filter.Option) is { Implicit: false }) ? 1 : 0);
            if (ways != 1)
            {
                result.AddError("Say which: event ids, or --all, or filters, and only one of these.");
            }
        });
        return command.Runs(context, run => run.Get(ids) is { Length: > 0 } chosen
            ? DeadLetterActs.EachAsync(run, chosen, "retry", "is due again", run.Get(json))
            : RetryMatchingAsync(run, new(filters.Select(filter => filter.Value(run)).OfType<KeyValuePair<string, string>>()), run.Get(json)));
    }

    private static async Task<int> RetryMatchingAsync(CliRun run, Dictionary<string, string> filters, bool json)
    {
        var body = new JsonObject(filters.Select(pair => new KeyValuePair<string, JsonNode?>(pair.Key, pair.Value)));
        var document = await run.Api.PostAsync(ApiPath.Of("dead-letters", "retry"), body.ToJsonString(), run.Stop);
        if (json)
        {
            run.Out.Json(document.Text);
            return ExitCode.Done;
        }

        var count = document.Root.Number("retried", "count", "total");
        run.Out.Line(count is null
            ? "the matching dead letters are due again"
            : count.Value.ToString(CultureInfo.InvariantCulture) + " dead letters are due again");
        return ExitCode.Done;
    }
}
