using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace ClaudeDrive.Benchmarks.Whole.Reporting;

/// <summary>What a result is worth nothing without: machine, versions, commit, and how fast the disk flushes.</summary>
internal static partial class Conditions
{
    private const int Flushes = 200;
    private const int FlushBytes = 4096;

    /// <summary>Every condition by name, in the order to show them in.</summary>
    public static async Task<IReadOnlyList<KeyValuePair<string, string>>> ReadAsync(Bench bench, CancellationToken cancellationToken)
    {
        var repository = bench.Workplace.Repository;
        async Task<string> Ask(string program, params string[] arguments) => await RunAsync(program, arguments, repository, cancellationToken);

        var changes = await Ask("git", "status", "--porcelain", "--untracked-files=no");
        var options = bench.Options;
        return
        [
            new("commit", await Ask("git", "rev-parse", "--short=10", "HEAD") + (changes.Length > 0 ? " with changes" : "")),
            new("date", TimeProvider.System.GetUtcNow().ToString("u", CultureInfo.InvariantCulture)),
            new("processor", $"{Cpu()}, {Environment.ProcessorCount} cores for everything, the load included"),
            new("memory", Line("/proc/meminfo", "MemTotal:")),
            new("system", RuntimeInformation.OSDescription),
            new("disk", await Ask("df", "--output=source,fstype", bench.Workplace.Scratch)),
            new("4 KB append and flush", Flush(bench.Workplace)),
            new(".NET", RuntimeInformation.FrameworkDescription),
            new("Node", await Ask("node", "--version")),
            new("Redis", VersionIn().Match(await Ask("redis-server", "--version")).Value),
            new("PostgreSQL", await Ask("/bin/sh", "-c", "\"$(eng/postgres bin)/postgres\" --version 2>/dev/null")),
            new("others' cores while measuring", Others(bench.Measurements)),
            new("measured", Extent(options)),
        ];
    }

    /// <summary>What the rest of the machine did meanwhile. Above a tenth of a core the run is worth little.</summary>
    private static string Others(Measurements measured)
    {
        var all = measured.Series.Where(static item => item.Key.EndsWith("/other_cores", StringComparison.Ordinal))
            .SelectMany(static item => item.Value).Order().ToArray();
        return all.Length == 0 ? "not measured" : string.Create(CultureInfo.InvariantCulture, $"median {all[all.Length / 2]:F2}, most {all[^1]:F2}");
    }

    private static string Extent(BenchOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"{options.Rounds} rounds, {options.WarmUp} s warm-up, {options.Seconds} s each{(options.Quick ? "; quick: shows that it works, not how fast it is" : "")}");

    private static string Cpu() => Line("/proc/cpuinfo", "model name");

    private static string Line(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : "unknown";

    private static string Flush(Workplace workplace)
    {
        var directory = workplace.NewDirectory("flush");
        List<double> times = [];
        using (var file = File.OpenHandle(Path.Combine(directory, "file"), FileMode.CreateNew, FileAccess.Write))
        {
            var block = new byte[FlushBytes];
            for (var i = 0; i < Flushes; i++)
            {
                var started = Stopwatch.GetTimestamp();
                RandomAccess.Write(file, block, (long)i * FlushBytes);
                RandomAccess.FlushToDisk(file);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
            }
        }

        Directory.Delete(directory, recursive: true);
        times.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"p50 {times[Flushes / 2]:F0} µs, p99 {times[Flushes * 99 / 100]:F0} µs");
    }

    /// <summary>What a program prints, on one line; "not found" when it is not there.</summary>
    private static async Task<string> RunAsync(string program, string[] arguments, string directory, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, WorkingDirectory = directory })!;
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return Blanks().Replace(output, " ").Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "not found";
        }
    }

    [GeneratedRegex("[0-9]+[.][0-9.]+", RegexOptions.CultureInvariant)]
    private static partial Regex VersionIn();

    [GeneratedRegex("\\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Blanks();
}
