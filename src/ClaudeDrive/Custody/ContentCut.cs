namespace ClaudeDrive.Custody;

/// <summary>One step of dropping the content of deleted sessions.</summary>
/// <param name="KeepFor">
/// Sessions whose deletion was noticed at least this long ago lose their content, by the store's clock; zero: at once; <see cref="TimeSpan.MaxValue"/>: never.
/// </param>
/// <param name="MaxRows">Rows that the step may change at most, 1 to 10,000; of revisions, which are large, a tenth of it.</param>
internal sealed record ContentCut(TimeSpan KeepFor, int MaxRows)
{
    /// <summary>What holds instead of <see cref="KeepFor"/>, by workspace.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Workspaces { get; init; } = new Dictionary<string, TimeSpan>();

    /// <summary>Revisions that the step may change.</summary>
    public int MaxRevisions => Math.Max(1, MaxRows / 10);
}

/// <summary>What such a step did.</summary>
/// <param name="Rows">Rows that it changed or deleted.</param>
/// <param name="SessionId">The session that has no content any more since this step; null when the step finished none.</param>
/// <param name="IsLast">True when nothing is left to do now.</param>
internal readonly record struct ContentStep(int Rows, string? SessionId, bool IsLast);
