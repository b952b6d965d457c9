namespace ClaudeDrive.Cli.Demo;

/// <summary>One thing that happened in the demo; a closed set.</summary>
internal abstract record DemoHappening
{
    private DemoHappening()
    {
    }

    /// <summary>A session began on the simulator's side.</summary>
    public sealed record SessionCreated(string SessionId, string Scenario) : DemoHappening;

    /// <summary>A new event was answered 200.</summary>
    public sealed record Delivered(string EventId, string EventType, string ResourceId) : DemoHappening;

    /// <summary>An event came again and was answered 200 without being stored again.</summary>
    public sealed record Duplicate(string EventId, string EventType, int Times) : DemoHappening;

    /// <summary>An event came after one that happened later.</summary>
    public sealed record OutOfOrder(string EventId, string EventType, TimeSpan Late) : DemoHappening;

    /// <summary>A delivery was refused, as it should be.</summary>
    public sealed record Rejected(string Code) : DemoHappening;

    /// <summary>The true state was read and a revision written.</summary>
    public sealed record Hydrated(string ResourceId, long Revision, string? Triage) : DemoHappening;

    /// <summary>A session waits for a person; <paramref name="AnswerCommand"/> answers it, whole and ready to paste.</summary>
    public sealed record WaitingForReview(string ReviewId, string SessionId, string Tool, string AnswerCommand) : DemoHappening;

    /// <summary>Somebody answered.</summary>
    public sealed record Answered(string ReviewId, string By) : DemoHappening;

    /// <summary>The answer reached the session exactly once and it went on.</summary>
    public sealed record Resumed(string ReviewId, string SessionId) : DemoHappening;
}
