namespace ClaudeDrive.Access;

/// <summary>
/// Somebody's act, as every change that a person can cause takes it: who, from where, why, and what they may do it to. A change outside
/// <see cref="Sight"/> is refused as if the thing did not exist, in the same transaction; a change that is made is written to the audit log in it.
/// </summary>
internal sealed record Deed
{
    /// <summary>The actor of what the program does by itself.</summary>
    public const string Self = "claudedrive";

    /// <summary>Name of who acts, for people: what claims are compared by.</summary>
    public required string Actor { get; init; }

    /// <summary>The same for the audit log: with the key's id when there is one, so that names may be used again.</summary>
    public required string Identity { get; init; }

    /// <summary>What may be touched: the caller's sight with the role that the act needs.</summary>
    public required Sight Sight { get; init; }

    /// <summary>Id of the node that was asked; null for what no node was asked for.</summary>
    public string? Node { get; init; }

    /// <summary>Address that the request came from; null when there is none.</summary>
    public string? RemoteIp { get; init; }

    /// <summary>Why, when the actor said so.</summary>
    public string? Reason { get; init; }

    /// <summary>What the program does by itself, to anything.</summary>
    public static Deed OfProgram { get; } = new() { Actor = Self, Identity = Self, Sight = Sight.Everything };
}
