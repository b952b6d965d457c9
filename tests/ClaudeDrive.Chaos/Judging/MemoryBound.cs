using System.Globalization;
using ClaudeDrive.Chaos.Nodes;

namespace ClaudeDrive.Chaos.Judging;

/// <summary>No node's memory grows without bound. Pure.</summary>
internal static class MemoryBound
{
    /// <summary>What no node may hold at any time. Chosen: some three times what a node holds in the worst of these runs.</summary>
    public const long MostResident = 1024L * 1024 * 1024;

    /// <summary>Age from which a process is looked at: before it, code is being compiled and caches fill.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    /// <summary>Shorter lives say nothing about growth.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(45);

    /// <summary>
    /// Growth of the managed heap, from the first third of a life to the last, that is no growth: collections come at their own time, and the load at
    /// both ends differs. Chosen; what is kept for each event, if only its body, exceeds it within an hour of these rates.
    /// </summary>
    private const double Factor = 2;

    private const long Allowance = 48L * 1024 * 1024;

    public static IEnumerable<string> Find(IReadOnlyCollection<MemorySample> samples)
    {
        if (samples.MaxBy(static sample => sample.ResidentBytes) is { } peak && peak.ResidentBytes > MostResident)
        {
            yield return $"node {peak.Node} held {Mib(peak.ResidentBytes)} of memory, more than {Mib(MostResident)}";
        }

        foreach (var life in samples.GroupBy(static sample => (sample.Node, sample.Life)))
        {
            if (Growth(life) is { } grown && grown.Last > (grown.First * Factor) + Allowance)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"the heap of node {life.Key.Node} grew from {Mib(grown.First)} to {Mib(grown.Last)} within {life.Max(static sample => sample.Age).TotalSeconds:F0} s");
            }
        }
    }

    /// <summary>The longest life that could be judged; null when none was long enough.</summary>
    public static TimeSpan? LongestJudged(IEnumerable<MemorySample> samples) =>
        samples.GroupBy(static sample => (sample.Node, sample.Life)).Where(static life => Growth(life) is not null)
            .Select(static life => (TimeSpan?)life.Max(static sample => sample.Age)).Max();

    // Medians of the first and the last third after the warm-up; null when the life was too short.
    private static (long First, long Last)? Growth(IEnumerable<MemorySample> life)
    {
        var warm = life.Where(static sample => sample.Age > WarmUp && sample.HeapBytes is not null).OrderBy(static sample => sample.Age).ToArray();
        if (warm.Length < 9 || warm[^1].Age - warm[0].Age < Shortest)
        {
            return null;
        }

        return (Median(warm[..(warm.Length / 3)]), Median(warm[^(warm.Length / 3)..]));
    }

    private static long Median(MemorySample[] part) => part.Select(static sample => sample.HeapBytes!.Value).Order().ElementAt(part.Length / 2);

    private static string Mib(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024 / 1024} MiB");
}
