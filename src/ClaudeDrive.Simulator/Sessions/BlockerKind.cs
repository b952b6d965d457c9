namespace ClaudeDrive.Simulator.Sessions;

/// <summary>Which answer a tool call waits for (reference §3.6).</summary>
internal enum BlockerKind
{
    /// <summary>Runs by itself; takes no answer.</summary>
    None,

    /// <summary><c>agent.custom_tool_use</c>, answered by <c>user.custom_tool_result</c>.</summary>
    CustomTool,

    /// <summary>A tool call evaluated to <c>ask</c>, answered by <c>user.tool_confirmation</c>.</summary>
    Permission,

    /// <summary>A tool call of a self-hosted environment, answered by <c>user.tool_result</c>.</summary>
    SelfHostedTool,
}
