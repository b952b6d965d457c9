namespace ClaudeDrive.Simulator.Stories;

/// <summary>Every named scenario.</summary>
internal static class ScenarioBook
{
    /// <summary>What sessions created through the API play when their metadata names no scenario.</summary>
    public const string Default = "finishes";

    private static readonly Dictionary<string, Scenario> Book = new Scenario[]
    {
        new("finishes", "Summarise the weekly report", ScenarioTurns.Finishes),
        new("needs_answer", "Refund order", ScenarioTurns.NeedsAnswer),
        new("needs_permission", "Clean up the build server", ScenarioTurns.NeedsPermission),
        new("parallel_blockers", "Close the quarter", ScenarioTurns.ParallelBlockers),
        new("budget", "Research the competition", ScenarioTurns.Budget) { Budget = 100 },
        new("gives_up", "Migrate the mailing list", ScenarioTurns.GivesUp),
        new("refuses", "Write an exploit", ScenarioTurns.Refuses),
        new("deleted_before_archived", "Throwaway draft", ScenarioTurns.DeletedBeforeArchived),
        new("multi_agent", "Prepare the customer call", ScenarioTurns.MultiAgent),
        new("long", "Translate the handbook", ScenarioTurns.Long),
        new("self_hosted", "Run the nightly job", ScenarioTurns.SelfHosted) { SelfHosted = true },
    }.ToDictionary(scenario => scenario.Name, StringComparer.Ordinal);

    /// <summary>All names, in the order of the contract.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Book.Keys];

    /// <summary>The scenario of that name, or <see langword="null"/>.</summary>
    public static Scenario? Find(string name) => Book.GetValueOrDefault(name);

    /// <summary>What a session does that waits for its first message.</summary>
    public static Scenario Waiting { get; } = new("waiting", "Waiting", (_, _) => []);
}
