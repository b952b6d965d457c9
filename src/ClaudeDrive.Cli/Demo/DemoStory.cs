using ClaudeDrive.Simulator;

namespace ClaudeDrive.Cli.Demo;

/// <summary>What the demo plays, and which faults it plays it under.</summary>
internal static class DemoStory
{
    /// <summary>The longest the scripted story may take to settle: far above what any seed needed, so that a hang ends as a failure.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The scenario that waits for the person in front of the terminal.</summary>
    public const string Waiting = "needs_answer";

    /// <summary>Shown to a person: sessions that need nobody, and the one that waits.</summary>
    public static IReadOnlyList<string> ForPeople { get; } = ["finishes", "deleted_before_archived", "finishes", Waiting, "finishes"];

    /// <summary>Played to the end by itself: every scenario of the simulator, twice the plain ones.</summary>
    public static IReadOnlyList<string> Whole { get; } =
    [
        "finishes", "finishes", Waiting, "needs_permission", "parallel_blockers", "budget", "gives_up", "refuses",
        "deleted_before_archived", "multi_agent", "long", "self_hosted",
    ];

    /// <summary>Every day: a quarter comes twice, a quarter overtakes.</summary>
    public static IReadOnlyDictionary<string, FaultSetting> EveryDay { get; } = new Dictionary<string, FaultSetting>(StringComparer.Ordinal)
    {
        ["duplicate"] = new(Rate: 0.25),
        ["reorder"] = new(Rate: 0.25),
    };

    /// <summary>Everything that can go wrong, at once.</summary>
    public static IReadOnlyDictionary<string, FaultSetting> EveryFault { get; } = new Dictionary<string, FaultSetting>(StringComparer.Ordinal)
    {
        ["duplicate"] = new(Rate: 0.3),
        ["reorder"] = new(Rate: 0.3),
        ["drop"] = new(Rate: 0.15),
        ["delay"] = new(Rate: 0.1),
        ["stale_timestamp"] = new(Rate: 0.1),
        ["wrong_secret"] = new(Rate: 0.1),
        ["two_signatures"] = new(Rate: 0.2),
        ["unknown_type"] = new(Rate: 0.1),
        ["status_lag"] = new(Rate: 0.3),
        ["api_429"] = new(Rate: 0.08),
        ["api_500"] = new(Rate: 0.08),
        ["api_529"] = new(Rate: 0.08),
        ["api_timeout"] = new(Rate: 0.04),
        ["drop_response_after_commit"] = new(Rate: 0.3),
    };

    /// <summary>The simulator's settings for this demo: its waits are shortened so that a story of minutes takes seconds.</summary>
    public static SimulatorOptions Simulator(DemoSettings settings, string secret, string apiKey, IProgress<SimulatorEvent> progress) => new()
    {
        Urls = FormattableString.Invariant($"http://127.0.0.1:{settings.SimulatorPort}"),
        Secret = secret,
        ApiKey = apiKey,
        Seed = settings.Seed,
        StoryPace = settings.Once ? 0.15 : 0.6,
        GuideShare = 0.2,
        RetryBaseDelay = TimeSpan.FromMilliseconds(100),
        RetryMaxDelay = TimeSpan.FromMilliseconds(800),
        ReorderHold = TimeSpan.FromMilliseconds(400),
        DelayHold = TimeSpan.FromMilliseconds(700),
        StatusLag = TimeSpan.FromMilliseconds(500),
        ApiTimeoutHold = TimeSpan.FromMilliseconds(300),
        Faults = settings.EveryFault ? EveryFault : EveryDay,
        Progress = progress,
    };

    /// <summary>What the demo answers by itself, by the kind of review.</summary>
    public static string Answer(string? kind) => kind switch
    {
        "custom_tool" or "self_hosted_tool" => """{"type":"result","content":"approved in the demo","note":"answered by demo --once"}""",
        "tool_permission" => """{"type":"allow","note":"answered by demo --once"}""",
        "budget" => """{"type":"budget","amount":"100000","note":"answered by demo --once"}""",
        _ => """{"type":"message","text":"Please try once more, within the rules.","note":"answered by demo --once"}""",
    };
}
