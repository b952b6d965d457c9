using System.Text.Json.Serialization;
using ClaudeDrive.Access;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>A grant (contract §3): what it does not name is absent; one that names nothing covers everything.</summary>
internal record GrantDto
{
    public required CallerRole Role { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OrganizationId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? WorkspaceId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AgentId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TagDto? Metadata { get; init; }

    public static GrantDto Of(Grant grant) => new()
    {
        Role = grant.Role,
        OrganizationId = grant.Scope.OrganizationId,
        WorkspaceId = grant.Scope.WorkspaceId,
        AgentId = grant.Scope.AgentId,
        Metadata = grant.Scope.Tag is { } tag ? new TagDto(tag.Key, tag.Value) : null,
    };
}

/// <summary>A metadata pair.</summary>
internal sealed record TagDto(string Key, string Value);
