using ClaudeDrive.Ingest;

namespace ClaudeDrive.Contexts;

/// <summary>Everything one look at a resource changes, to be stored in one transaction. Made by <c>ContextPlanner</c>, a pure function.</summary>
internal sealed record ContextChange
{
    /// <summary>The head as it will be. Its revision equals the head before when <see cref="Revision"/> is null.</summary>
    public required ContextHead Head { get; init; }

    /// <summary>Revision number that the plan was made against; 0 when there was no context. The store refuses the change when it differs.</summary>
    public required int BaseRevision { get; init; }

    /// <summary>The new revision; null when nothing changed.</summary>
    public ContextRevision? Revision { get; init; }

    /// <summary>Session events to upsert into the transcript: new ones, and ones whose content changed.</summary>
    public IReadOnlyList<SessionEventRecord> SessionEvents { get; init; } = [];

    /// <summary>
    /// Pending events of the lease whose <c>created_at</c> is earlier than this close as superseded, the others as applied; null: all applied.
    /// </summary>
    public DateTimeOffset? SupersedeBefore { get; init; }

    /// <summary>Ids of blocking events that Claude already has an answer for, with the answering event.</summary>
    public IReadOnlyDictionary<string, string> Answered { get; init; } = new Dictionary<string, string>();

    /// <summary>Look again after this long although nothing asked for it (the API contradicted itself); null: no.</summary>
    public TimeSpan? LookAgainAfter { get; init; }

    /// <summary>Values that redaction took out of what this change stores, by rule; empty when none.</summary>
    public IReadOnlyDictionary<string, int> Redactions { get; init; } = new Dictionary<string, int>();

    /// <summary>Why closing events got <c>superseded</c> although they were newer (an impossible transition); noted as their error; else null.</summary>
    public string? Refusal { get; init; }
}

/// <summary>How storing a change ended.</summary>
internal enum ApplyOutcome
{
    /// <summary>Stored.</summary>
    Applied,

    /// <summary>The lease is no longer the newest: nothing was stored.</summary>
    LeaseLost,

    /// <summary>The context moved since the plan was made: nothing was stored; plan again.</summary>
    BaseMoved,
}
