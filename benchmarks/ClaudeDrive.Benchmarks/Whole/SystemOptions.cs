using System.CommandLine;
using System.Globalization;
using ClaudeDrive.Benchmarks.Whole.Subjects;

namespace ClaudeDrive.Benchmarks.Whole;

/// <summary>The options of <c>system</c> and what they may be.</summary>
internal static class SystemOptions
{
    private const long QuickSize = 20_000;
    private const double QuickSeconds = 2;
    private const double QuickWarmUp = 1.5;

    public static Option<bool> List { get; } = new("--list") { Description = "Show the scenarios" };

    public static Option<string> Repository { get; } = Text("--repository", "Top of the repository", ".");

    public static Option<string> Scratch { get; } = Text("--scratch", "Directory on a real disk for stores and logs", "artifacts/bench");

    private static Option<string?> Only { get; } = new("--only") { Description = "Scenarios, separated by commas (see --list)", HelpName = "ROWS" };

    private static Option<string> Stores { get; } = Text("--stores", "sqlite, postgresql or both", "sqlite,postgresql");

    private static Option<int> Rounds { get; } = Number("--rounds", "Measurements of each, whose median counts", 3, 1, 20);

    private static Option<double> Seconds { get; } = Number<double>("--seconds", "Seconds measured each time", 5, 1, 60);

    private static Option<double> WarmUp { get; } = Number<double>("--warm-up", "Seconds before, for the compilers to come to rest", 5, 1, 60);

    private static Option<bool> Quick { get; } = new("--quick") { Description = "Once, short and small: to see that it works. Writes no results" };

    private static Option<string> Sizes { get; } = Text("--sizes", "Finished events of the growth curves", "1000,100000,1000000,5000000");

    private static Option<long> Backlog { get; } = Number<long>("--backlog", "Pending events of the drain", 1_000_000, 100, 5_000_000);

    private static Option<double> Minutes { get; } = Number<double>("--minutes", "Longest time of all; what was not measured by then is left out", 120, 1, 600);

    /// <summary>Adds all of them.</summary>
    public static void AddTo(Command command)
    {
        Stores.Validators.Add(static result =>
        {
            if (!Split(result.GetValueOrDefault<string>()).All(static name => ProductSubject.All.Any(store => store.Store == name)))
            {
                result.AddError("--stores are sqlite, postgresql or both.");
            }
        });
        Sizes.Validators.Add(static result =>
        {
            if (!Split(result.GetValueOrDefault<string>()).All(static text => long.TryParse(text, out var size) && size is >= 100 and <= 10_000_000))
            {
                result.AddError("--sizes are numbers from 100 to 10000000, separated by commas.");
            }
        });
        foreach (var option in (Option[])[Only, Stores, Rounds, Seconds, WarmUp, Quick, List, Sizes, Backlog, Minutes, Repository, Scratch])
        {
            command.Add(option);
        }
    }

    /// <summary>What was asked for.</summary>
    public static BenchOptions Read(ParseResult parsed)
    {
        var quick = parsed.GetValue(Quick);
        return new BenchOptions
        {
            Only = Split(parsed.GetValue(Only)),
            Stores = [.. ProductSubject.All.Where(store => Split(parsed.GetValue(Stores)).Contains(store.Store))],
            Rounds = quick ? 1 : parsed.GetValue(Rounds),
            Seconds = quick ? QuickSeconds : parsed.GetValue(Seconds),
            WarmUp = quick ? QuickWarmUp : parsed.GetValue(WarmUp),
            Quick = quick,
            Sizes = quick ? [1000, QuickSize] : [.. Split(parsed.GetValue(Sizes)).Select(static text => long.Parse(text, CultureInfo.InvariantCulture)).Order()],
            Backlog = quick ? QuickSize : parsed.GetValue(Backlog),
            Longest = TimeSpan.FromMinutes(parsed.GetValue(Minutes)),
        };
    }

    private static string[] Split(string? text) => text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static Option<string> Text(string name, string description, string value) => new(name) { Description = description, DefaultValueFactory = _ => value };

    private static Option<T> Number<T>(string name, string description, T value, T least, T most)
        where T : IComparable<T>
    {
        var option = new Option<T>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<T>() is { } given && (given.CompareTo(least) < 0 || given.CompareTo(most) > 0))
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is {least} to {most}."));
            }
        });
        return option;
    }
}
