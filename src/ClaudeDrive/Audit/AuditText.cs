using System.Buffers;
using System.Text;
using System.Text.Json;
using ClaudeDrive.Access;

namespace ClaudeDrive.Audit;

/// <summary>States before and after as JSON text. One place for all stores, so that the same change reads the same in each. Never a hash of a key.</summary>
internal static class AuditText
{
    /// <summary>An object of texts; a null value is left out.</summary>
    public static string Of(params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in fields)
            {
                if (value is not null)
                {
                    writer.WriteString(name, value);
                }
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A grant of a team.</summary>
    public static string Of(TeamGrant grant) => Of(
        ("grant_id", grant.GrantId),
        ("role", RoleName(grant.Grant.Role)),
        ("organization_id", grant.Grant.Scope.OrganizationId),
        ("workspace_id", grant.Grant.Scope.WorkspaceId),
        ("agent_id", grant.Grant.Scope.AgentId),
        ("metadata_key", grant.Grant.Scope.Tag?.Key),
        ("metadata_value", grant.Grant.Scope.Tag?.Value));

    /// <summary>A key, without anything that opens something.</summary>
    public static string Of(AccessKey key) => Of(
        ("name", key.Name),
        ("prefix", key.Prefix),
        ("team_id", key.TeamId),
        ("role", RoleName(key.Role)),
        ("expires_at", key.ExpiresAt is { } at ? at.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture) : null));

    /// <summary>A role as the API names it.</summary>
    public static string RoleName(CallerRole role) => role switch
    {
        CallerRole.Viewer => "viewer",
        CallerRole.Reviewer => "reviewer",
        CallerRole.Operator => "operator",
        CallerRole.Admin => "admin",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Not a role."),
    };
}
