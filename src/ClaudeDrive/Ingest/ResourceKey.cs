namespace ClaudeDrive.Ingest;

/// <summary>Names one resource of the Claude API: the unit of work of the inbox and the key of a context.</summary>
/// <param name="Type">
/// One of <c>session</c>, <c>session_thread</c>, <c>agent</c>, <c>environment</c>, <c>deployment</c>, <c>deployment_run</c>, <c>vault</c>,
/// <c>vault_credential</c>, <c>memory_store</c>, <c>user_profile</c>, <c>external_key</c> (claude-api §4).
/// </param>
/// <param name="Id">The id as Claude gave it: opaque, compared byte by byte, never parsed.</param>
public readonly record struct ResourceKey(string Type, string Id)
{
    /// <summary>The type of a session's key.</summary>
    public const string SessionType = "session";

    /// <summary>The type of the key of a thread inside a session.</summary>
    public const string SessionThreadType = "session_thread";

    /// <summary>Makes the key of a session.</summary>
    public static ResourceKey Session(string id) => new(SessionType, id);

    /// <summary><c>type/id</c>, for people and logs.</summary>
    public override string ToString() => $"{Type}/{Id}";
}
