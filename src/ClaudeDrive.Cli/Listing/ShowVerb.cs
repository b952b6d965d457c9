using System.CommandLine;
using System.Text.Json;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Listing;

/// <summary>What all verbs have in common that read one document by its id.</summary>
internal static class ShowVerb
{
    public static Command Create(
        CliContext context, string name, string description, Argument<string> id, Func<string, string> path, Action<CliRun, JsonElement> show)
    {
        var json = Verb.JsonOption();
        return new Command(name, description) { id, json }.Runs(context, async run =>
        {
            var document = await run.Api.GetAsync(path(run.Get(id)), run.Stop);
            if (run.Get(json))
            {
                run.Out.Json(document.Text);
            }
            else
            {
                show(run, document.Root);
            }

            return ExitCode.Done;
        });
    }
}
