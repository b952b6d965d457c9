using System.CommandLine;
using ClaudeDrive.Chaos.Outages;
using ClaudeDrive.Chaos.Reporting;
using ClaudeDrive.Chaos.Running;
using ClaudeDrive.Chaos.Schedules;

namespace ClaudeDrive.Chaos;

/// <summary>The command line of <c>eng/chaos</c>. Exit codes: 0 nothing was breached, 1 something was or the run broke, 2 wrong usage.</summary>
internal static class ChaosCommand
{
    private const int Breached = 1;
    private const int WrongUsage = 2;

    private static readonly Option<int?> Seed = new("--seed") { Description = "Draws schedule and stories; without it one is drawn and printed" };

    private static readonly Option<double> Minutes = new("--minutes")
    {
        Description = "Time with faults, 0.2 to 60; settling comes on top",
        DefaultValueFactory = static _ => 5,
    };

    private static readonly Option<StoreKind> Store = new("--store") { Description = "sqlite (default) or postgresql" };

    private static readonly Option<int?> Nodes = new("--nodes") { Description = "Number of nodes, 1 to 9; default 3 with postgresql, always 1 with sqlite" };

    private static readonly Option<string[]> Without = new("--without")
    {
        Description = "Leaves a kind of fault out: kill, pause, api-link, database-link, database-fast, database-immediate, disk-full, api-storm",
        DefaultValueFactory = static _ => [],
    };

    private static readonly Option<bool> Outage = new("--outage")
    {
        Description = "Instead: stops the database of postgresql nodes under a steady load, and wants every delivery answered 200",
    };

    private static readonly Option<int> Seconds = new("--seconds") { Description = "Of --outage: its length, 1 to 600", DefaultValueFactory = static _ => 60 };

    private static readonly Option<int> Rate = new("--rate") { Description = "Of --outage: deliveries a second, 1 to 1000", DefaultValueFactory = static _ => 200 };

    private static readonly Option<string?> Report = new("--report") { Description = "Appends the figures to this file as a row of a Markdown table" };

    /// <summary>Runs one command line.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var root = new RootCommand("Runs real nodes under a seeded schedule of faults, lets them settle, and compares with the truth")
        {
            Seed, Minutes, Store, Nodes, Without, Report, Outage, Seconds, Rate,
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 || parsed.Action is not null)
        {
            // Wrong usage is said, help and version are shown, by the library.
            var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, cancellationToken);
            return code == 0 ? 0 : WrongUsage;
        }

        var (run, problem) = Prepare(parsed, output);
        if (run is null)
        {
            await error.WriteLineAsync("eng/chaos: " + problem);
            return WrongUsage;
        }

        try
        {
            return await ShowAsync(await run(cancellationToken), parsed.GetValue(Report), output, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await error.WriteLineAsync("eng/chaos: interrupted; everything was stopped and removed");
            return Breached;
        }
    }

    private static async Task<int> ShowAsync(RunResult result, string? report, TextWriter output, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync(RunTable.ForPeople(result.Row));
        foreach (var note in result.Notes)
        {
            await output.WriteLineAsync("note: " + note);
        }

        foreach (var breach in result.Breaches)
        {
            await output.WriteLineAsync("BREACH: " + breach);
        }

        if (result.Kept is { } kept)
        {
            await output.WriteLineAsync("logs, schedule and ledger are kept in " + kept);
        }

        if (report is not null)
        {
            await RunTable.AppendAsync(report, result.Row, cancellationToken);
        }

        return result.Breaches.Count == 0 ? 0 : Breached;
    }

    private static (Func<CancellationToken, Task<RunResult>>? Run, string? Problem) Prepare(ParseResult parsed, TextWriter output)
    {
        if (!parsed.GetValue(Outage))
        {
            var (chaos, problem) = Options(parsed);
            return (chaos is null ? null : new ChaosRun(chaos, output, TimeProvider.System).RunAsync, problem);
        }

        var outage = new OutageOptions
        {
            Seed = SeedOf(parsed),
            Length = TimeSpan.FromSeconds(parsed.GetValue(Seconds)),
            Rate = parsed.GetValue(Rate),
            Nodes = parsed.GetValue(Nodes) ?? 3,
        };
        return outage switch
        {
            _ when parsed.GetValue(Store) == StoreKind.Sqlite && parsed.GetResult(Store) is { Implicit: false } =>
                (null, "--outage: SQLite has no server that could be stopped"),
            { Length.TotalSeconds: < 1 or > 600 } => (null, "--seconds is 1 to 600"),
            { Rate: < 1 or > 1000 } => (null, "--rate is 1 to 1000"),
            { Nodes: < 1 or > 9 } => (null, "--nodes is 1 to 9"),
            _ => (new OutageRun(outage, output, TimeProvider.System).RunAsync, null),
        };
    }

    private static int SeedOf(ParseResult parsed) => parsed.GetValue(Seed) ?? Environment.TickCount & int.MaxValue;

    private static (ChaosOptions? Options, string? Problem) Options(ParseResult parsed)
    {
        var store = parsed.GetValue(Store);
        var nodes = parsed.GetValue(Nodes) ?? (store == StoreKind.Postgresql ? 3 : 1);
        var minutes = parsed.GetValue(Minutes);
        List<ActionKind> without = [];
        foreach (var name in parsed.GetValue(Without) ?? [])
        {
            if (!Enum.TryParse<ActionKind>(name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var kind))
            {
                return (null, $"--without {name}: there is no such kind of fault");
            }

            without.Add(kind);
        }

        return (store, nodes, minutes) switch
        {
            (_, < 1 or > 9, _) => (null, "--nodes is 1 to 9"),
            (StoreKind.Sqlite, > 1, _) => (null, "--nodes: SQLite serves one node"),
            (_, _, < 0.2 or > 60 or double.NaN) => (null, "--minutes is 0.2 to 60"),
            _ => (new ChaosOptions
            {
                Seed = SeedOf(parsed),
                Length = TimeSpan.FromMinutes(minutes),
                Store = store,
                Nodes = nodes,
                Without = without,
            }, null),
        };
    }
}
