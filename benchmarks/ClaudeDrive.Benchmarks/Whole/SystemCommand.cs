using System.CommandLine;
using System.Data.Common;
using ClaudeDrive.Benchmarks.Whole.Reporting;
using ClaudeDrive.Benchmarks.Whole.Scenarios;
using ClaudeDrive.Benchmarks.Whole.Stores;
using ClaudeDrive.Benchmarks.Whole.Subjects;

namespace ClaudeDrive.Benchmarks.Whole;

/// <summary><c>system</c>: the whole product against its goals. <c>eng/bench</c> builds and installs what it needs, and calls it.</summary>
internal static class SystemCommand
{
    private static readonly Option<string?> Only = new("--only") { Description = "Scenarios, separated by commas (see --list)", HelpName = "ROWS" };
    private static readonly Option<string> StoreNames = new("--stores") { Description = "sqlite, postgresql or both", DefaultValueFactory = static _ => "sqlite,postgresql" };
    private static readonly Option<int> Rounds = new("--rounds") { Description = "Measurements of each, whose median counts", DefaultValueFactory = static _ => 3 };
    private static readonly Option<double> Seconds = new("--seconds") { Description = "Seconds measured each time", DefaultValueFactory = static _ => 5 };
    private static readonly Option<bool> Quick = new("--quick") { Description = "Once, short and small: to see that it works. Writes no results" };
    private static readonly Option<bool> List = new("--list") { Description = "Show the scenarios" };
    private static readonly Option<string> Sizes = new("--sizes")
    {
        Description = "Finished events of the growth curves", DefaultValueFactory = static _ => "1000,100000,1000000,5000000",
    };

    private static readonly Option<long> Backlog = new("--backlog") { Description = "Pending events of the drain", DefaultValueFactory = static _ => 1_000_000 };
    private static readonly Option<string> Repository = new("--repository") { Description = "Top of the repository", DefaultValueFactory = static _ => "." };
    private static readonly Option<string> Scratch = new("--scratch")
    {
        Description = "Directory on a real disk for stores and logs", DefaultValueFactory = static _ => "artifacts/bench",
    };

    public static Command Create()
    {
        Rounds.Validators.Add(static result => Check(result.GetValueOrDefault<int>() is >= 1 and <= 20, "--rounds is 1 to 20.", result.AddError));
        Seconds.Validators.Add(static result => Check(result.GetValueOrDefault<double>() is >= 1 and <= 60, "--seconds is 1 to 60.", result.AddError));
        StoreNames.Validators.Add(static result => Check(
            result.GetValueOrDefault<string>()!.Split(',').All(static name => ProductSubject.All.Any(store => store.Store == name)),
            "--stores are sqlite, postgresql or both.",
            result.AddError));
        Backlog.Validators.Add(static result => Check(result.GetValueOrDefault<long>() is >= 100 and <= 5_000_000, "--backlog is 100 to 5000000.", result.AddError));
        Sizes.Validators.Add(static result => Check(
            result.GetValueOrDefault<string>()!.Split(',').All(static text => long.TryParse(text, out var size) && size is >= 100 and <= 10_000_000),
            "--sizes are numbers from 100 to 10000000, separated by commas.",
            result.AddError));
        var command = new Command("system", "Measure the whole product against its goals and its peers.")
        {
            Only, StoreNames, Rounds, Seconds, Quick, List, Sizes, Backlog, Repository, Scratch,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static void Check(bool isRight, string problem, Action<string> report)
    {
        if (!isRight)
        {
            report(problem);
        }
    }

    private static BenchOptions Read(ParseResult parsed)
    {
        var quick = parsed.GetValue(Quick);
        var sizes = quick ? [1000, 20_000] : parsed.GetRequiredValue(Sizes).Split(',').Select(static text => long.Parse(text)).Order().ToArray();
        return new BenchOptions
        {
            Only = parsed.GetValue(Only)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
            Stores = [.. ProductSubject.All.Where(store => parsed.GetRequiredValue(StoreNames).Split(',').Contains(store.Store))],
            Rounds = quick ? 1 : parsed.GetValue(Rounds),
            Seconds = quick ? 2 : parsed.GetValue(Seconds),
            WarmUp = quick ? 1.5 : 3,
            Quick = quick,
            Sizes = sizes,
            Backlog = quick ? 20_000 : parsed.GetValue(Backlog),
        };
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var scratch = Path.GetFullPath(parsed.GetRequiredValue(Scratch));
        Directory.CreateDirectory(scratch);
        var bench = new Bench(new Workplace(Path.GetFullPath(parsed.GetRequiredValue(Repository)), scratch), Read(parsed));
        await using var stores = new SeededStores(bench.Workplace);
        var scenarios = AllScenarios.Make(stores);
        if (parsed.GetValue(List))
        {
            foreach (var scenario in scenarios)
            {
                await Console.Out.WriteLineAsync($"{scenario.Key,-10} {scenario.Title}");
            }

            return 0;
        }

        if (bench.Options.Only.FirstOrDefault(key => scenarios.All(scenario => scenario.Key != key)) is { } stranger)
        {
            Bench.Say($"'{stranger}' is no scenario; --list shows them.");
            return 2;
        }

        var failed = await RunAsync(bench, scenarios.Where(scenario => bench.Options.Only.Count == 0 || bench.Options.Only.Contains(scenario.Key)), cancellationToken);
        var conditions = await Conditions.ReadAsync(bench, cancellationToken);
        var goals = Goals.Of(bench);
        await Console.Out.WriteLineAsync(Report.Markdown(conditions, goals, bench.Tables));
        if (!bench.Options.Quick)
        {
            var path = await Report.SaveAsync(Path.Combine(bench.Workplace.Repository, "benchmarks", "results"), conditions, goals, bench, cancellationToken);
            Bench.Say($"Written: {path}.json and .md");
        }

        return failed ? 1 : 0;
    }

    private static async Task<bool> RunAsync(Bench bench, IEnumerable<IScenario> scenarios, CancellationToken cancellationToken)
    {
        var failed = false;
        foreach (var scenario in scenarios)
        {
            Bench.Say($"{scenario.Key}: {scenario.Title}");
            try
            {
                await scenario.RunAsync(bench, cancellationToken);
            }
            catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException or DbException)
            {
                // What the others measured is worth keeping; the exit code tells that one failed.
                failed = true;
                Bench.Say($"  {scenario.Key} failed: {e.Message}");
            }
        }

        return failed;
    }
}
