using System.CommandLine;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Events;

/// <summary><c>events tail</c>: what happens, as it happens, until Ctrl+C or the wanted count.</summary>
internal static class EventsTailCommand
{
    private static readonly string[] AllTopics = ["events", "contexts", "reviews", "alerts"];

    public static Command Create(CliContext context)
    {
        var topics = new Option<string>("--topics")
        {
            Description = "What to follow, separated by commas: " + string.Join(", ", AllTopics),
            HelpName = "TOPICS",
            DefaultValueFactory = _ => "events",
        };
        topics.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (Split(token.Value) is var given && (given.Length == 0 || given.Except(AllTopics, StringComparer.Ordinal).Any()))
                {
                    result.AddError($"--topics takes some of {string.Join(", ", AllTopics)}.");
                }
            }
        });
        var count = Checked.OptionalNumber("--count", "End after this many messages", 1, int.MaxValue);
        var json = new Option<bool>("--json") { Description = "Print one JSON object a line: id, topic, data" };
        return new Command("tail", "Follow what happens, live") { topics, count, json }.Runs(
            context,
            run => TailAsync(run, Split(run.Get(topics)!), run.Get(count), run.Get(json)));
    }

    private static async Task<int> TailAsync(CliRun run, string[] topics, int? count, bool json)
    {
        var target = ApiPath.WithQuery(ApiPath.Of("stream"), [new("topics", string.Join(',', topics))]);
        var live = new LiveStream(run.Api, run.Context.Host.Time, message => run.Err.Line(new Piece(message, Styles.Faint)));
        var left = count ?? int.MaxValue;
        if (!json)
        {
            run.Err.Line(new Piece($"following {string.Join(", ", topics)} at {run.Api.Address}; Ctrl+C ends", Styles.Faint));
        }

        try
        {
            await foreach (var message in live.ReadAsync(target, run.Stop))
            {
                if (json)
                {
                    run.Out.Json(TailLine.Json(message));
                }
                else
                {
                    TailLine.Write(run.Out, message, run.Now);
                }

                if (count is not null && --left == 0)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (run.Stop.IsCancellationRequested)
        {
            // Ctrl+C is how a person says that they have seen enough.
        }

        return ExitCode.Done;
    }

    private static string[] Split(string topics)
    {
        return [.. topics.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];
    }
}
