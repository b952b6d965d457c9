using ClaudeDrive.Benchmarks.Whole.Subjects;

namespace ClaudeDrive.Benchmarks.Whole.Loads;

/// <summary>One row of a table: somebody who receives, and what.</summary>
/// <param name="Key">Part of the names of series.</param>
/// <param name="Name">For people.</param>
/// <param name="Subject">Who receives.</param>
/// <param name="Load">What.</param>
/// <param name="SlowFsync">Every fsync takes 2 ms longer.</param>
internal sealed record LoadCell(string Key, string Name, Subject Subject, Load Load, bool SlowFsync = false)
{
    /// <summary>The subject under its own name.</summary>
    public static LoadCell Of(Subject subject, Load load, bool slowFsync = false) => new(subject.Key, subject.Name, subject, load, slowFsync);
}
