using System.Text.Json.Serialization;
using ClaudeDrive.Access;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>An API key, without the key.</summary>
internal record KeyDto
{
    public required string KeyId { get; init; }

    public required string Name { get; init; }

    /// <summary>The key's first characters, to tell keys apart.</summary>
    public required string Prefix { get; init; }

    /// <summary>The team whose grants it has; null: a key over everything.</summary>
    public string? TeamId { get; init; }

    /// <summary>The most it may do.</summary>
    public required CallerRole Role { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>To the minute or so.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public static KeyDto Of(AccessKey key) => new()
    {
        KeyId = key.KeyId,
        Name = key.Name,
        Prefix = key.Prefix,
        TeamId = key.TeamId,
        Role = key.Role,
        CreatedAt = key.CreatedAt,
        CreatedBy = key.CreatedBy,
        ExpiresAt = key.ExpiresAt,
        LastUsedAt = key.LastUsedAt,
        RevokedAt = key.RevokedAt,
    };
}

/// <summary>A key that was just made: the only answer that holds the key itself.</summary>
internal sealed record MadeKeyDto : KeyDto
{
    [JsonPropertyOrder(-1)]
    public required string Key { get; init; }

    public static MadeKeyDto Of(AccessKey key, string text) => new()
    {
        Key = text,
        KeyId = key.KeyId,
        Name = key.Name,
        Prefix = key.Prefix,
        TeamId = key.TeamId,
        Role = key.Role,
        CreatedAt = key.CreatedAt,
        CreatedBy = key.CreatedBy,
        ExpiresAt = key.ExpiresAt,
    };
}

/// <summary>Body of a new key.</summary>
internal sealed record KeyBody(string Name, string? TeamId, CallerRole? Role, DateTimeOffset? ExpiresAt, string? Reason);
