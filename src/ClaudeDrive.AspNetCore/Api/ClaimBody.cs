namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Body of a claim.</summary>
internal sealed record ClaimBody(bool? Takeover, string? Note);

/// <summary>Body of a release.</summary>
internal sealed record ReleaseBody(string? Note);
