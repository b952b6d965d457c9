using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Chaos.Judging;
using ClaudeDrive.Chaos.Links;
using ClaudeDrive.Chaos.Running;
using ClaudeDrive.Chaos.Schedules;
using ClaudeDrive.Cli.Demo;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Chaos.Reporting;

/// <summary>The figures of a run, by name, in the order of the table.</summary>
internal sealed record RunRow(IReadOnlyList<(string Name, string Value)> Figures)
{
    /// <summary>Counts them.</summary>
    public static RunRow Of(ChaosOptions options, Evidence evidence, IReadOnlyCollection<ChaosAction> done, Settling settling, int breaches)
    {
        var attempts = evidence.Ledger.Items("events").SelectMany(static item => item.Items("attempts")).ToArray();
        var successes = evidence.Ledger.Items("events")
            .Select(static item => item.Items("attempts").Count(static attempt => attempt.Number("status") is >= 200 and < 300)).ToArray();
        var reads = evidence.Ledger.Child("api")?.Number("reads") ?? 0;
        var arrived = successes.Count(static count => count > 0);
        return new RunRow(
        [
            ("store", options.Store == StoreKind.Sqlite ? "sqlite" : "postgresql"),
            ("nodes", Text(options.Nodes)),
            ("minutes", options.Length.TotalMinutes.ToString("0.##", CultureInfo.InvariantCulture)),
            ("seed", Text(options.Seed)),
            ("sessions", Text(evidence.Ledger.Items("sessions").Count)),
            ("untold", Text(DemoComparison.Untold(evidence.Ledger).Count())),
            ("events", Text(evidence.View.Events.Count)),
            ("deliveries", Text(attempts.Length)),
            ("duplicates", Text(successes.Sum(static count => Math.Max(0, count - 1)))),
            ("spooled", Text(evidence.Nodes.Select(static node => node.Stats?.Child("deliveries")?.Number("spooled") ?? 0).DefaultIfEmpty().Max())),
            ("non-2xx of nodes", Refusals(attempts)),
            ("kills", Count(done, ActionKind.Kill)),
            ("pauses", Count(done, ActionKind.Pause)),
            ("database restarts", Text(done.Count(static action => action.Kind is ActionKind.DatabaseFast or ActionKind.DatabaseImmediate))),
            ("links cut or slow", Text(done.Count(static action => action.Kind is ActionKind.ApiLink or ActionKind.DatabaseLink && action.Mode != LinkMode.Pass))),
            ("full disks", evidence.NotExercised.Count > 0 ? "not exercised" : Count(done, ActionKind.DiskFull)),
            ("API storms", Count(done, ActionKind.ApiStorm)),
            ("answers", Text(evidence.Answers.Sum(static answer => answer.Acknowledged))),
            ("dead letters retried", Text(evidence.DeadLetters.Count)),
            ("API reads per webhook", arrived == 0 ? "-" : (reads / (double)arrived).ToString("0.00", CultureInfo.InvariantCulture)),
            ("largest node", LargestNode(evidence)),
            ("settled in", settling.IsSettled ? string.Create(CultureInfo.InvariantCulture, $"{settling.Took.TotalSeconds:0.0} s") : "never"),
            ("breaches", Text(breaches)),
        ]);
    }

    private static string Refusals(IEnumerable<JsonElement> attempts)
    {
        var refusals = attempts.Where(DeliveryBreaches.IsRefusal).GroupBy(static attempt => attempt.Number("status")).OrderBy(static group => group.Key)
            .Select(static group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} x {group.Key}"));
        return string.Join(", ", refusals) is { Length: > 0 } text ? text : "0";
    }

    private static string LargestNode(Evidence evidence)
    {
        var largest = evidence.Memory.Select(static sample => sample.ResidentBytes).DefaultIfEmpty().Max() / 1024 / 1024;
        return MemoryBound.LongestJudged(evidence.Memory) is { } judged
            ? string.Create(CultureInfo.InvariantCulture, $"{largest} MiB, a life of {judged.TotalSeconds:0} s judged")
            : string.Create(CultureInfo.InvariantCulture, $"{largest} MiB");
    }

    private static string Count(IEnumerable<ChaosAction> done, ActionKind kind) => Text(done.Count(action => action.Kind == kind));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
