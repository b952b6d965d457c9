using ClaudeDrive.AspNetCore.Access;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Who calls.</summary>
internal sealed record MeDto(string Name, CallerRole Role, string Proof, IReadOnlyList<GrantDto> Grants);

/// <summary>One grant; without a scope it covers everything.</summary>
internal sealed record GrantDto(CallerRole Role);
