using System.Globalization;

namespace ClaudeDrive.Benchmarks.Whole.Processes;

/// <summary>Processor time and memory of processes with all their descendants, from <c>/proc</c>.</summary>
internal static class ProcessTree
{
    /// <summary>Unit of the times in <c>/proc/PID/stat</c>: USER_HZ, which is 100 on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    private const int Parent = 1;
    private const int UserTime = 11;
    private const int SystemTime = 12;
    private const int EndedChildrenUserTime = 13;
    private const int EndedChildrenSystemTime = 14;

    /// <summary>Seconds of processor time so far, ended descendants included.</summary>
    public static double CpuSeconds(IReadOnlyCollection<int> roots)
    {
        var stats = ReadAll();
        int[] times = [UserTime, SystemTime, EndedChildrenUserTime, EndedChildrenSystemTime];
        return Members(roots, stats).Sum(id => times.Sum(field => Number(stats[id], field))) / TicksPerSecond;
    }

    /// <summary>Seconds of processor time that the whole machine has spent on anything so far, time stolen by its host included.</summary>
    public static double MachineCpuSeconds()
    {
        // user, nice, system, idle, iowait, irq, softirq, steal
        var times = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9];
        return times.Where(static (_, index) => index is not (3 or 4)).Sum(static text => double.Parse(text, CultureInfo.InvariantCulture))
            / TicksPerSecond;
    }

    /// <summary>
    /// Memory in bytes. Pages that several processes share are counted once when the kernel tells (proportional set size); else resident size.
    /// </summary>
    public static long MemoryBytes(IReadOnlyCollection<int> roots) =>
        Members(roots, ReadAll()).Sum(id => Kilobytes($"/proc/{id}/smaps_rollup", "Pss:") ?? Kilobytes($"/proc/{id}/status", "VmRSS:") ?? 0) * 1024;

    /// <summary>Largest resident size that a process ever had, in bytes.</summary>
    public static long PeakBytes(int id) => (Kilobytes($"/proc/{id}/status", "VmHWM:") ?? 0) * 1024;

    private static HashSet<int> Members(IReadOnlyCollection<int> roots, Dictionary<int, string[]> stats)
    {
        var members = roots.Where(stats.ContainsKey).ToHashSet();
        int before;
        do
        {
            before = members.Count;
            members.UnionWith(stats.Where(item => members.Contains((int)Number(item.Value, Parent))).Select(static item => item.Key));
        }
        while (members.Count > before);
        return members;
    }

    private static Dictionary<int, string[]> ReadAll()
    {
        Dictionary<int, string[]> all = [];
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && ReadOrNull($"{directory}/stat") is { } text)
            {
                // The name in parentheses may hold anything; the fields after it are plain.
                all[id] = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            }
        }

        return all;
    }

    private static double Number(string[] fields, int index) => double.Parse(fields[index], CultureInfo.InvariantCulture);

    private static long? Kilobytes(string path, string name)
    {
        var line = ReadOrNull(path)?.Split('\n').FirstOrDefault(text => text.StartsWith(name, StringComparison.Ordinal));
        return line is null ? null : long.Parse(line[name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private static string? ReadOrNull(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // It ended meanwhile, or is not ours to see.
        }
    }
}
