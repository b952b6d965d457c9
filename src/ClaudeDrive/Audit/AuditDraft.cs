using ClaudeDrive.Access;

namespace ClaudeDrive.Audit;

/// <summary>What is to be written to the audit log; the store adds position, time and hashes.</summary>
internal sealed record AuditDraft
{
    /// <summary>Who acted: <see cref="Deed.Identity"/>.</summary>
    public required string Actor { get; init; }

    /// <summary>Id of the node that was asked; null when none was.</summary>
    public string? Node { get; init; }

    /// <summary>Address that the request came from; null when there is none.</summary>
    public string? RemoteIp { get; init; }

    /// <summary>What was done, one of <see cref="AuditActions"/>.</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to, as <c>type/id</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>Why, when the actor said so.</summary>
    public string? Reason { get; init; }

    /// <summary>The state before as JSON text; null when there was none, or when nothing was changed. Never a secret, a key or a transcript.</summary>
    public string? Before { get; init; }

    /// <summary>The state after, likewise.</summary>
    public string? After { get; init; }

    /// <summary>What <paramref name="deed"/> did to <paramref name="resource"/>.</summary>
    public static AuditDraft Of(Deed deed, string action, string resource, string? before = null, string? after = null) => new()
    {
        Actor = deed.Identity,
        Node = deed.Node,
        RemoteIp = deed.RemoteIp,
        Reason = deed.Reason,
        Action = action,
        Resource = resource,
        Before = before,
        After = after,
    };
}
