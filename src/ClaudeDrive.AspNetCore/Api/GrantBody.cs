using System.Text.Json;
using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Body of a new grant (contract §3): a role with any of the places; none named covers everything.</summary>
internal sealed record GrantBody(CallerRole Role, string? OrganizationId, string? WorkspaceId, string? AgentId, TagDto? Metadata, string? Reason)
{
    /// <summary>
    /// Reads a grant, or says what is wrong. A field that is not known is refused: what should narrow a grant and is misspelt would leave it covering
    /// everything.
    /// </summary>
    public static (Grant? Grant, Problem? Problem) Read(JsonElement body)
    {
        var fields = new BodyFields(body);
        fields.Only("role", "organization_id", "workspace_id", "agent_id", "metadata", "reason");
        var role = fields.Enum<CallerRole>("role");
        if (role is null)
        {
            fields.Refuse("role", $"The field must be one of {string.Join(", ", EnumText<CallerRole>.All)}.");
        }

        var scope = ReadScope(fields);
        return fields.Problem is { } problem ? (null, problem) : (new Grant(role!.Value, scope), null);
    }

    /// <summary>Reads the places of a body.</summary>
    public static Scope ReadScope(BodyFields fields)
    {
        var scope = new Scope
        {
            OrganizationId = fields.Text("organization_id", AccessLimits.NameChars),
            WorkspaceId = fields.Text("workspace_id", AccessLimits.NameChars),
            AgentId = fields.Text("agent_id", AccessLimits.NameChars),
        };
        if (fields.Object("metadata") is not { } metadata)
        {
            return scope;
        }

        var pair = new BodyFields(metadata);
        pair.Only("key", "value");
        var tag = new MetadataTag(pair.Required("key", AccessLimits.NameChars), pair.Required("value", AccessLimits.NameChars));
        if (pair.Problem is not null)
        {
            fields.Refuse("metadata", "The value must be an object of 'key' and 'value', both text.");
        }

        return scope with { Tag = tag };
    }
}
