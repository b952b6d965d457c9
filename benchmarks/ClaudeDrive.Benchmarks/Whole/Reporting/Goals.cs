using System.Globalization;
using ClaudeDrive.Benchmarks.Whole.Subjects;

namespace ClaudeDrive.Benchmarks.Whole.Reporting;

/// <summary>The goals of the product, as series that are held against each other. Ratios are of medians within one run of the benchmark.</summary>
internal static class Goals
{
    private const long Million = 1_000_000;

    /// <summary>Every goal with what was measured.</summary>
    public static IReadOnlyList<Goal> Of(Bench bench)
    {
        var stores = bench.Options.Stores;
        return
        [
            .. stores.SelectMany(store => OfIngest(bench.Measurements, store)),
            .. OfVerify(bench.Measurements),
            .. stores.SelectMany(store => OfSize(bench, store)),
            .. stores.SelectMany(store => OfLife(bench.Measurements, store)),
            AtMost("demo --once", "", bench.Measurements.Median("demo/seconds"), 15, "s"),
        ];
    }

    private static IEnumerable<Goal> OfIngest(Measurements measured, ProductSubject store)
    {
        var key = store.Key;
        string name = store.Name;
        double? Ratio(string scenario, string series, string peer) => measured.Ratio($"{scenario}/{key}/{series}", $"{scenario}/{peer}/{series}");

        yield return AtLeast("accepted/s ÷ A2 (read and verify), 64 connections", name, Ratio("ingest", "rate", "a2"), 0.40);
        yield return AtLeast("accepted/s ÷ C1, 64 connections", name, Ratio("ingest", "rate", "c1"), 2.8);
        yield return AtLeast("accepted/s ÷ C1, 256 connections", name, Ratio("many", "rate", "c1"), 4);
        yield return AtLeast("accepted/s ÷ B5 (log), 64 connections", name, Ratio("ingest", "rate", "b5"), 0.70);
        yield return AtLeast("fsync + 2 ms: accepted/s ÷ C1, 64 connections", name, Ratio("slow", "rate", "c1"), 1.1);
        yield return AtLeast("fsync + 2 ms: accepted/s ÷ C1, 256 connections", name, Ratio("slowmany", "rate", "c1"), 2.5);
        yield return AtLeast("random ids ÷ ordered ids", name, measured.Ratio($"ingest/{key}-random/rate", $"ingest/{key}/rate"), 0.6);
        yield return AtLeast("with a collector and 1 % of traces ÷ without", name, measured.Ratio($"observed/{key}-watched/rate", $"observed/{key}/rate"), 0.95);
        yield return AtMost("ack p99, saturated", name, measured.Median($"ingest/{key}/p99_ms"), 8, "ms");
        yield return AtMost("ack p99, 1,000/s", name, measured.Median($"rate/{key}/p99_ms"), 3, "ms");
        yield return AtMost("CPU per request ÷ C1, saturated", name, Ratio("ingest", "cpu_us", "c1"), 0.35);
        yield return AtMost("CPU per request ÷ C1, 1,000/s", name, Ratio("rate", "cpu_us", "c1"), 1.0);
        yield return AtMost("allocated per accepted request", name, measured.Median($"ingest/{key}/allocated_bytes"), 2048, "B");
    }

    private static IEnumerable<Goal> OfVerify(Measurements measured)
    {
        yield return AtMost("verify (300 B) ÷ bare HMAC", "", measured.Ratio("verify/verify_ns", "verify/bare_ns"), 1.5);
        yield return AtMost("allocated per verify", "", measured.Median("verify/verify_bytes"), 0, "B");
    }

    private static IEnumerable<Goal> OfSize(Bench bench, ProductSubject store)
    {
        var (measured, sizes) = (bench.Measurements, bench.Options.Sizes);
        string key = store.Key, name = store.Name;
        var (few, most) = (sizes[0], sizes[^1]);
        var claimAt = sizes.Where(static size => size <= Million).DefaultIfEmpty(few).Max();
        yield return AtLeast(
            Text($"ingest with {most:N0} finished events ÷ with {few:N0}"), name, measured.Ratio($"growth/{key}/{most}/rate", $"growth/{key}/{few}/rate"), 0.9);
        yield return AtLeast(
            Text($"claim + complete at {claimAt:N0}, resources/s ÷ ingest rate"),
            name,
            measured.Ratio($"claim/{key}/{claimAt}/rate", $"ingest/{key}/rate"),
            1.0);
        yield return AtMost(
            Text($"claim p50 at {claimAt:N0} ÷ at {few:N0}"), name, measured.Ratio($"claim/{key}/{claimAt}/p50_ms", $"claim/{key}/{few}/p50_ms"), 1.5);
        yield return AtMost(
            Text($"bytes per event at rest, {most:N0} events, all records"), name, measured.Median($"growth/{key}/{most}/bytes_per_event"), 900, "B");
        if (key == ProductSubject.PostgreSql.Key)
        {
            yield return AtMost("dead bytes per handled event, before vacuum", name, measured.Median($"claim/{key}/dead_bytes_per_event"), 200, "B");
        }

        yield return AtMost(
            Text($"{bench.Options.Backlog:N0} pending events: peak memory of the drain"), name, measured.Median($"drain/{key}/peak_mb"), 300, "MB");
        yield return AtMost("… fetches per session", name, measured.Median($"drain/{key}/fetches_per_session"), 1);
    }

    private static IEnumerable<Goal> OfLife(Measurements measured, ProductSubject store)
    {
        var (key, name) = (store.Key, store.Name);
        yield return AtMost("event → context, 500/s, API 5 ms: p50", name, measured.Median($"apply/{key}/context_p50_ms"), 30, "ms");
        yield return AtMost("event → context, 500/s, API 5 ms: p99", name, measured.Median($"apply/{key}/context_p99_ms"), 150, "ms");
        yield return AtMost("reads per webhook", name, measured.Median($"apply/{key}/reads_per_webhook"), 1.1);
        yield return AtMost("reads per webhook, bursts of 50", name, measured.Median($"apply-bursts/{key}/reads_per_webhook"), 0.1);
        yield return AtMost("serve: start to first accepted delivery", name, measured.Median($"start/{key}/first_ms"), 800, "ms");
        yield return AtMost("serve: idle memory", name, measured.Median($"start/{key}/idle_mb"), 150, "MB");
    }

    private static Goal AtLeast(string figure, string store, double? value, double limit, string unit = "") => new(figure, store, value, limit, true, unit);

    private static Goal AtMost(string figure, string store, double? value, double limit, string unit = "") => new(figure, store, value, limit, false, unit);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
