using System.Text.Json;

namespace ClaudeDrive.Ingest;

/// <summary>Maps member names of a webhook body to fields (claude-api §1.3, §2.2).</summary>
internal static class EventFieldNames
{
    // Longest known name, when each of its characters is written as \uXXXX.
    private const int MaxEscapedName = 6 * 19;

    /// <summary>The field named by the property at which the reader stands. Names are compared byte by byte, after unescaping.</summary>
    public static EventField Read(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return Find(reader.ValueSpan);
        }

        Span<byte> name = stackalloc byte[MaxEscapedName];
        try
        {
            return reader.ValueSpan.Length > MaxEscapedName ? EventField.Unknown : Find(name[..reader.CopyString(name)]);
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair: valid JSON, but no text, so none of our names.
            return EventField.Unknown;
        }
    }

    private static EventField Find(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("id"u8) => EventField.Id,
        _ when name.SequenceEqual("type"u8) => EventField.Type,
        _ when name.SequenceEqual("created_at"u8) => EventField.CreatedAt,
        _ when name.SequenceEqual("data"u8) => EventField.Data,
        _ when name.SequenceEqual("organization_id"u8) => EventField.OrganizationId,
        _ when name.SequenceEqual("workspace_id"u8) => EventField.WorkspaceId,
        _ when name.SequenceEqual("session_id"u8) => EventField.SessionId,
        _ when name.SequenceEqual("session_thread_id"u8) => EventField.SessionThreadId,
        _ when name.SequenceEqual("agent_id"u8) => EventField.AgentId,
        _ when name.SequenceEqual("environment_id"u8) => EventField.EnvironmentId,
        _ when name.SequenceEqual("deployment_run_id"u8) => EventField.DeploymentRunId,
        _ when name.SequenceEqual("deployment_id"u8) => EventField.DeploymentId,
        _ when name.SequenceEqual("vault_credential_id"u8) => EventField.VaultCredentialId,
        _ when name.SequenceEqual("credential_id"u8) => EventField.CredentialId,
        _ when name.SequenceEqual("vault_id"u8) => EventField.VaultId,
        _ when name.SequenceEqual("memory_store_id"u8) => EventField.MemoryStoreId,
        _ when name.SequenceEqual("user_profile_id"u8) => EventField.UserProfileId,
        _ when name.SequenceEqual("external_key_id"u8) => EventField.ExternalKeyId,
        _ when name.SequenceEqual("resource"u8) => EventField.Resource,
        _ => EventField.Unknown,
    };
}
