using System.Diagnostics;
using ClaudeDrive.Benchmarks.Whole.Processes;
using ClaudeDrive.Benchmarks.Whole.Subjects;

namespace ClaudeDrive.Benchmarks.Whole.Loads;

/// <summary>Gives a running subject one load, and adds what was measured to the series <c>PREFIX/…</c>.</summary>
internal sealed class LoadMeasure(Generator generator, Measurements measurements)
{
    private const double Megabyte = 1024 * 1024;

    /// <summary>Longest wait for both to agree. Chosen: several times what the page is kept.</summary>
    private static readonly TimeSpan AgreeTimeout = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Measures one load. Throws when the run is worth nothing: the generator ran out of events, nothing was accepted, or the product counted
    /// other deliveries than the generator did.
    /// </summary>
    public async Task<LoadResult> RunAsync(RunningSubject running, Load load, string prefix, CancellationToken cancellationToken)
    {
        var before = running.Metrics is null ? null : await running.Metrics.ReadAsync(cancellationToken);
        Moment? begin = null, end = null;
        var result = await generator.RunAsync(
            running.Target,
            load,
            async () => begin = await Moment.TakeAsync(running, cancellationToken),
            async () => end = await Moment.TakeAsync(running, cancellationToken),
            cancellationToken);
        if (result.Exhausted || result.Accepted == 0 || begin is null || end is null)
        {
            throw new InvalidOperationException($"{prefix}: a run without value: {result}");
        }

        Note(prefix, result, begin, end);
        if (before is not null)
        {
            await CompareAsync(prefix, result, before, running.Metrics!, cancellationToken);
        }

        measurements.Add($"{prefix}/memory_mb", ProcessTree.MemoryBytes(running.Servers) / Megabyte);
        measurements.Add($"{prefix}/database_memory_mb", ProcessTree.MemoryBytes(running.Databases) / Megabyte);
        return result;
    }

    private void Note(string prefix, LoadResult result, Moment begin, Moment end)
    {
        void Add(string name, double value) => measurements.Add($"{prefix}/{name}", value);

        var (server, database) = (end.ServerCpu - begin.ServerCpu, end.DatabaseCpu - begin.DatabaseCpu);
        Add("rate", result.AcceptedPerSecond);
        Add("p50_ms", result.P50Ms);
        Add("p99_ms", result.P99Ms);
        Add("p999_ms", result.P999Ms);
        Add("refused", result.Refused + result.Broken + result.Unanswered);
        Add("server_cpu_us", server / result.Accepted * 1e6);
        Add("database_cpu_us", database / result.Accepted * 1e6);
        Add("cpu_us", (server + database) / result.Accepted * 1e6);
        Add("cores", (server + database) / result.Seconds);
        Add("generator_cores", result.CpuSeconds / result.Seconds);
        Add("generator_busy", result.Busy);
        Add("other_cores", Math.Max(0, end.Machine - begin.Machine - server - database - result.CpuSeconds) / result.Seconds);
        if (end.Allocated is { } allocated)
        {
            Add("allocated_bytes", (allocated - begin.Allocated!.Value) / result.Accepted);
        }
    }

    /// <summary>The page of metrics is kept for a moment, so what it tells may be a little old: it is read again while it does not agree.</summary>
    private async Task CompareAsync(
        string prefix, LoadResult result, MetricsSamples before, MetricsPage page, CancellationToken cancellationToken)
    {
        var asked = Stopwatch.GetTimestamp();
        while (true)
        {
            var after = await page.ReadAsync(cancellationToken);
            var accepted = after.Deliveries("accepted") - before.Deliveries("accepted");
            var spooled = after.Deliveries("spooled") - before.Deliveries("spooled");
            if ((long)(accepted + spooled) == result.AcceptedInAll || result.Unanswered + result.Broken > 0)
            {
                measurements.Add($"{prefix}/spooled", spooled);
                return;
            }

            if (Stopwatch.GetElapsedTime(asked) > AgreeTimeout)
            {
                throw new InvalidOperationException(
                    $"{prefix}: the receiver counted {accepted} stored and {spooled} spooled deliveries, the generator {result.AcceptedInAll} answers.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    private sealed record Moment(double ServerCpu, double DatabaseCpu, double Machine, double? Allocated)
    {
        /// <summary>The times first: reading the page costs the server a little.</summary>
        public static async Task<Moment> TakeAsync(RunningSubject running, CancellationToken cancellationToken)
        {
            var (server, database) = (ProcessTree.CpuSeconds(running.Servers), ProcessTree.CpuSeconds(running.Databases));
            var machine = ProcessTree.MachineCpuSeconds();
            var samples = running.Metrics is null ? null : await running.Metrics.ReadAsync(cancellationToken);
            return new Moment(server, database, machine, samples?.AllocatedBytes);
        }
    }
}
