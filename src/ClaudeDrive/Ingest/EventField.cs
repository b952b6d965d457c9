namespace ClaudeDrive.Ingest;

/// <summary>The members of a webhook body that are read; every other is skipped. The values are places in <see cref="EventFieldValues"/>.</summary>
internal enum EventField
{
    Id,
    Type,
    OrganizationId,
    WorkspaceId,
    SessionId,
    SessionThreadId,
    AgentId,
    EnvironmentId,
    DeploymentRunId,
    DeploymentId,
    VaultCredentialId,
    CredentialId,
    VaultId,
    MemoryStoreId,
    UserProfileId,
    ExternalKeyId,

    /// <summary>Not a text: <see cref="EventBody.CreatedAt"/>.</summary>
    CreatedAt,

    /// <summary>Not a text: <see cref="EventBody.Data"/>.</summary>
    Data,

    /// <summary>Not a text: <see cref="EventBody.Reference"/>.</summary>
    Resource,

    /// <summary>Any other member.</summary>
    Unknown,
}
