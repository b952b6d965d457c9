using ClaudeDrive.Access;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Who sees something.</summary>
internal sealed record WhoDto(string Resource, PlaceDto Place, IReadOnlyList<WhoTeamDto> Teams, IReadOnlyList<WhoKeyDto> Keys);

/// <summary>A team that sees it, with the grants that match.</summary>
internal sealed record WhoTeamDto(string TeamId, string Name, IReadOnlyList<string> Members, IReadOnlyList<ReasonDto> Grants);

/// <summary>A valid key that sees it, with what it may do there.</summary>
internal sealed record WhoKeyDto(string KeyId, string Name, string? TeamId, CallerRole Role);
