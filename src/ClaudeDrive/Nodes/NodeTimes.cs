namespace ClaudeDrive.Nodes;

/// <summary>When a node gives signs of life, and what its silence means. Chosen, not measured.</summary>
internal static class NodeTimes
{
    /// <summary>Time between signs of life.</summary>
    public static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(5);

    /// <summary>Silence after which a node counts as gone: three signs missed, and a little more.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(20);

    /// <summary>Silence after which a node is no longer listed: long enough for a person to see that it went.</summary>
    public static readonly TimeSpan ForgottenAfter = TimeSpan.FromDays(1);
}
