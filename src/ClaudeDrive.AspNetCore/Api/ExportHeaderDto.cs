namespace ClaudeDrive.AspNetCore.Api;

/// <summary>First line of an export: what it is.</summary>
internal sealed record ExportHeaderDto
{
    /// <summary>Version of the form; see <c>docs/data.md</c>.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>For whom: it holds what this caller may see, and no more.</summary>
    public required string Caller { get; init; }
}
