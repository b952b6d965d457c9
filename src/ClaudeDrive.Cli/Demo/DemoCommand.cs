using System.CommandLine;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Demo;

/// <summary><c>demo</c>: simulator and server on loopback, without a key, a database or an account.</summary>
internal static class DemoCommand
{
    public static Command Create(CliContext context)
    {
        var port = Checked.Number("--port", "Port of the server; 0 takes a free one", 4100, 0, Checked.LargestPort, "P");
        var simPort = Checked.Number("--sim-port", "Port of the simulator; 0 takes a free one", 4010, 0, Checked.LargestPort, "P");
        var seed = Checked.Number("--seed", "The same seed gives the same story", 1, 0, int.MaxValue);
        var once = new Option<bool>("--once")
        {
            Description = "Run the story to its end, answer the waiting review, print a summary; exit 0 only if both sides agree",
        };
        var faults = new Option<string>("--faults")
        {
            Description = "everyday (duplicates and disorder) or all (everything that can go wrong, at once)",
            DefaultValueFactory = static _ => "everyday",
        };
        faults.AcceptOnlyFromAmong("everyday", "all");
        return new Command("demo", "See it work: simulator and server on this machine, nothing else needed")
        {
            port, simPort, seed, once, faults,
        }.Runs(context, run =>
        {
            var settings = new DemoSettings(run.Get(port), run.Get(simPort), run.Get(seed), run.Get(once), run.Get(faults) == "all");
            return settings.Port != 0 && settings.Port == settings.SimulatorPort
                ? throw CliException.Usage("--port and --sim-port must differ")
                : RunAsync(run, settings);
        });
    }

    private static async Task<int> RunAsync(CliRun run, DemoSettings settings)
    {
        var time = run.Context.Host.Time;
        var reporter = new DemoReporter(run.Out, time);
        string server = "", key = "";
        Func<string, string?, string> answerCommand = (reviewId, kind) => AnswerCommand(reviewId, kind, server, key);
        var watcher = new DemoWatcher(reporter, answerCommand);
        await using var world = await DemoWorld.StartAsync(settings, watcher, time, run.Stop);
        (server, key) = (world.Api.Address.ToString()!, world.ApiKey);
        reporter.Started(server, world.Simulator.BaseUrl.ToString().TrimEnd('/'), key, settings);
        using var following = CancellationTokenSource.CreateLinkedTokenSource(run.Stop);
        var follow = watcher.FollowAsync(world.Api, time, following.Token);
        try
        {
            var runner = new DemoRunner(world, reporter, answerCommand, time);
            if (settings.Once)
            {
                return await runner.RunOnceAsync(run.Stop);
            }

            await runner.RunForPeopleAsync(run.Stop);
            return ExitCode.Done;
        }
        finally
        {
            await following.CancelAsync();
            await follow;
        }
    }

    /// <summary>The command that answers an item, ready to paste where the demo was started.</summary>
    private static string AnswerCommand(string reviewId, string? kind, string server, string key)
    {
        var answer = kind switch
        {
            "tool_permission" => "--allow",
            "budget" => "--budget none",
            "gave_up" or "refusal" => "--message \"please try again\"",
            _ => "--result \"approved\"",
        };
        return $"{ThisProgram()} reviews answer {reviewId} {answer} --server {server} --api-key {key}";
    }

    private static string ThisProgram()
    {
        var path = Environment.ProcessPath ?? "claudedrive";
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return ShellWord.Quote(relative.Length < path.Length && !relative.StartsWith("..", StringComparison.Ordinal) ? relative : path);
    }
}
