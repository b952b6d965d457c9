using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Audit;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>A row of the audit log, with all that its hash covers.</summary>
internal sealed record AuditEntryDto
{
    public required long Seq { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Actor { get; init; }

    public required string Action { get; init; }

    public required string Resource { get; init; }

    public string? Reason { get; init; }

    public RawJson Before { get; init; }

    public RawJson After { get; init; }

    public string? Node { get; init; }

    public string? RemoteIp { get; init; }

    public required string PreviousHash { get; init; }

    public required string Hash { get; init; }

    public static AuditEntryDto Of(AuditEntry entry) => new()
    {
        Seq = entry.Seq,
        At = entry.At,
        Actor = entry.What.Actor,
        Action = entry.What.Action,
        Resource = entry.What.Resource,
        Reason = entry.What.Reason,
        Before = RawJson.Of(entry.What.Before),
        After = RawJson.Of(entry.What.After),
        Node = entry.What.Node,
        RemoteIp = entry.What.RemoteIp,
        PreviousHash = entry.PreviousHash,
        Hash = entry.Hash,
    };
}

/// <summary>The last line of an export: where the log ended.</summary>
internal sealed record AuditEndDto(AuditEndDto.At End)
{
    /// <summary>Position and hash of the newest row.</summary>
    internal sealed record At(long Seq, string Hash);
}
