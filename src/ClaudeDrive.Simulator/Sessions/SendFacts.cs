namespace ClaudeDrive.Simulator.Sessions;

/// <summary>What the rules for incoming events need to know about a session.</summary>
/// <param name="Archived">Nothing is accepted any more.</param>
/// <param name="Blocked">Idle with <c>requires_action</c> and something still open.</param>
/// <param name="AtCap">Idle with <c>budget_reached</c>.</param>
/// <param name="Calls">Tool calls by event id.</param>
/// <param name="Threads">Ids of its threads.</param>
internal sealed record SendFacts(
    bool Archived, bool Blocked, bool AtCap, IReadOnlyDictionary<string, ToolCall> Calls, IReadOnlyCollection<string> Threads)
{
    /// <summary>A session that does not exist yet.</summary>
    public static SendFacts Fresh { get; } = new(false, false, false, new Dictionary<string, ToolCall>(StringComparer.Ordinal), []);

    /// <summary>The facts of a session now.</summary>
    public static SendFacts Of(SessionRecord session) => new(
        session.ArchivedAt is not null,
        session.Blocked && session.OpenBlockers.Any(),
        session.AtCap,
        session.ToolCalls,
        [.. session.Threads.Select(thread => thread.Id)]);
}
