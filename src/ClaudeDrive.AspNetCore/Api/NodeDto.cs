using ClaudeDrive.Nodes;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>One process over the store.</summary>
internal sealed record NodeDto
{
    public required string NodeId { get; init; }
    public required string Name { get; init; }

    /// <summary><c>alive</c>, or <c>silent</c> when it gave no sign of life for 20 s.</summary>
    public required string State { get; init; }
    public required IReadOnlyList<string> Roles { get; init; }
    public required string Version { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset LastHeartbeatAt { get; init; }

    /// <summary>Resources that it looks at now.</summary>
    public required int Leases { get; init; }

    /// <summary>Answers that it sends now.</summary>
    public required int Sends { get; init; }

    /// <summary>What it alone does of all nodes.</summary>
    public required IReadOnlyList<string> Duties { get; init; }

    /// <summary>True for the process that answers.</summary>
    public required bool IsThis { get; init; }

    public static NodeDto Of(NodeRecord record, NodeIdentity self) => new()
    {
        NodeId = record.Node.NodeId,
        Name = record.Node.Name,
        State = record.IsAlive ? "alive" : "silent",
        Roles = NodeRolesText.Names(record.Node.Roles),
        Version = record.Node.Version,
        StartedAt = record.Node.StartedAt,
        LastHeartbeatAt = record.SeenAt,
        Leases = record.Leases,
        Sends = record.Sends,
        Duties = record.Duties,
        IsThis = record.Node.NodeId == self.NodeId,
    };
}
