namespace ClaudeDrive.AspNetCore.Api;

/// <summary>What a change of grants would show and hide, by type of resource, with examples of sessions.</summary>
internal sealed record PreviewDto(string TeamId, PreviewSideDto Shown, PreviewSideDto Hidden);

/// <summary>Body of a preview: what a team's grants would become.</summary>
internal sealed record PreviewBody(string TeamId, IReadOnlyList<GrantBody>? Add, IReadOnlyList<string>? Remove);

/// <summary>One side of it.</summary>
internal sealed record PreviewSideDto(long Total, IReadOnlyDictionary<string, long> ByType, IReadOnlyList<PreviewExampleDto> Examples);

/// <summary>A session that would appear or disappear.</summary>
internal sealed record PreviewExampleDto(string SessionId, string? Title);
