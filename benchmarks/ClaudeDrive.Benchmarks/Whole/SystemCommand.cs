using System.CommandLine;
using System.Data.Common;
using ClaudeDrive.Benchmarks.Whole.Reporting;
using ClaudeDrive.Benchmarks.Whole.Scenarios;
using ClaudeDrive.Benchmarks.Whole.Stores;

namespace ClaudeDrive.Benchmarks.Whole;

/// <summary><c>system</c>: the whole product against its goals. <c>eng/bench</c> builds and installs what it needs, and calls it.</summary>
internal static class SystemCommand
{
    public static Command Create()
    {
        var command = new Command("system", "Measure the whole product against its goals and its peers.");
        SystemOptions.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var scratch = Path.GetFullPath(parsed.GetRequiredValue(SystemOptions.Scratch));
        var repository = Path.GetFullPath(parsed.GetRequiredValue(SystemOptions.Repository));
        Directory.CreateDirectory(scratch);
        var bench = new Bench(new Workplace(repository, scratch), SystemOptions.Read(parsed));
        await using var stores = new SeededStores(bench.Workplace);
        var scenarios = AllScenarios.Make(stores);
        if (parsed.GetValue(SystemOptions.List))
        {
            foreach (var scenario in scenarios)
            {
                await Console.Out.WriteLineAsync($"{scenario.Key,-10} {scenario.Title}");
            }

            return 0;
        }

        var only = bench.Options.Only;
        if (only.FirstOrDefault(key => scenarios.All(scenario => scenario.Key != key)) is { } stranger)
        {
            Bench.Say($"'{stranger}' is no scenario; --list shows them.");
            return 2;
        }

        var isGood = await MeasureAsync(bench, scenarios.Where(scenario => only.Count == 0 || only.Contains(scenario.Key)), cancellationToken);
        await ReportAsync(bench, cancellationToken);
        return isGood ? 0 : 1;
    }

    /// <summary>Runs the scenarios; false when one failed or the time was over.</summary>
    private static async Task<bool> MeasureAsync(Bench bench, IEnumerable<IScenario> scenarios, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(bench.Options.Longest);
        var isGood = true;
        foreach (var scenario in scenarios)
        {
            Bench.Say($"{scenario.Key}: {scenario.Title}");
            try
            {
                await scenario.RunAsync(bench, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                Bench.Say("The time is over; what follows is not measured.");
                return false;
            }
            catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException or DbException)
            {
                // What the others measured is worth keeping; the exit code tells that one failed.
                isGood = false;
                Bench.Say($"  {scenario.Key} failed: {e.Message}");
            }
        }

        return isGood;
    }

    private static async Task ReportAsync(Bench bench, CancellationToken cancellationToken)
    {
        var conditions = await Conditions.ReadAsync(bench, cancellationToken);
        var goals = Goals.Of(bench);
        await Console.Out.WriteLineAsync(Report.Markdown(conditions, goals, bench.Tables));
        if (!bench.Options.Quick)
        {
            var directory = Path.Combine(bench.Workplace.Repository, "benchmarks", "results");
            var path = await Report.SaveAsync(directory, conditions, goals, bench, cancellationToken);
            Bench.Say($"Written: {path}.json and .md");
        }
    }
}
