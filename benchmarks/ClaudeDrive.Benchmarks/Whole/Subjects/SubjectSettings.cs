namespace ClaudeDrive.Benchmarks.Whole.Subjects;

/// <summary>How a subject is started.</summary>
/// <param name="Workplace">Where.</param>
/// <param name="SlowFsync">Every fsync of it and of its database takes 2 ms longer.</param>
internal sealed record SubjectSettings(Workplace Workplace, bool SlowFsync)
{
    /// <summary>Added to each fsync: the middle of what ordinary cloud disks take (performance notes: 0.5 to 3 ms).</summary>
    private const string Microseconds = "2000";

    /// <summary>Environment of every process of it.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; } = SlowFsync
        ? new Dictionary<string, string> { ["LD_PRELOAD"] = Workplace.SlowFsync, ["SLOW_FSYNC_MICROSECONDS"] = Microseconds }
        : [];
}
