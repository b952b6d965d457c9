using ClaudeDrive.Access;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Who calls, and what the caller may do and where.</summary>
internal sealed record MeDto
{
    public required string Name { get; init; }

    /// <summary>The highest role anywhere; null when nothing is granted.</summary>
    public CallerRole? Role { get; init; }

    /// <summary>How the caller was proven.</summary>
    public required string Proof { get; init; }

    public string? KeyId { get; init; }

    /// <summary>Ids of the teams that the grants come from.</summary>
    public required IReadOnlyList<string> Teams { get; init; }

    public required IReadOnlyList<GrantDto> Grants { get; init; }

    public static MeDto Of(Caller caller) => new()
    {
        Name = caller.Name,
        Role = caller.HighestRole,
        Proof = caller.Proof,
        KeyId = caller.KeyId,
        Teams = caller.Teams,
        Grants = [.. caller.Grants.Select(GrantDto.Of)],
    };
}
