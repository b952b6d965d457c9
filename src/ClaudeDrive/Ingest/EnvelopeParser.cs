using System.Security.Cryptography;

namespace ClaudeDrive.Ingest;

/// <summary>Gives a verified body its meaning: one canonical envelope for both dialects. Pure; never throws (claude-api §2.2).</summary>
internal static class EnvelopeParser
{
    /// <summary>The event type of a signed body whose shape could not be read.</summary>
    public const string UnparsedType = "unparsed";

    /// <summary>
    /// Builds the envelope of a body. Every body gets one: a shape that is unknown, or whose dialect is not enabled, is kept as
    /// <see cref="UnparsedType"/> with <see cref="WebhookEnvelope.IsParsed"/> false.
    /// </summary>
    /// <param name="fields">The body as read.</param>
    /// <param name="body">Its raw bytes, to name a body that came without any id: <c>body_</c> and the hex SHA-256.</param>
    /// <param name="headerId">The verified id header; null for a body-only signature.</param>
    /// <param name="arrived">The dialect of the headers: that of the envelope when the shape tells none.</param>
    /// <param name="enabled">The dialects of the endpoint.</param>
    public static WebhookEnvelope Parse(
        in EventBody fields, ReadOnlySpan<byte> body, string? headerId, WebhookDialect arrived, WebhookDialects enabled)
    {
        var type = fields.HasUnusableText ? null : fields.Top.Get(EventField.Type);
        var found = type switch
        {
            null => null,
            "event" => enabled.HasFlag(WebhookDialects.Standard) ? ReadStandard(in fields) : null,
            _ => enabled.HasFlag(WebhookDialects.Guide) ? ReadGuide(in fields, type) : null,
        };
        var eventId = headerId
            ?? (found is null ? null : fields.Top.Get(EventField.Id))
            ?? $"body_{Convert.ToHexStringLower(SHA256.HashData(body))}";
        return found is { } shape
            ? Build(in shape, eventId, fields.CreatedAt)
            : new WebhookEnvelope
            {
                EventId = eventId,
                EventType = UnparsedType,
                Dialect = arrived,
                CreatedAt = fields.CreatedAt,
                IsParsed = false,
            };
    }

    /// <summary><c>{"type":"event","data":{"type","id",…}}</c>; null when <c>data</c> lacks its type or id.</summary>
    private static Shape? ReadStandard(in EventBody fields)
    {
        if (fields.Data.Get(EventField.Type) is not { } type || fields.Data.Get(EventField.Id) is not { } id)
        {
            return null;
        }

        // data.id is the session's for every session event, those about its threads included.
        var rule = EventCatalog.Find(type);
        var isThread = rule?.ResourceType == ResourceKey.SessionThreadType;
        var isTool = type.StartsWith("tool.", StringComparison.Ordinal);
        return new Shape
        {
            Type = type,
            Rule = rule,
            Dialect = WebhookDialect.Standard,
            Own = isThread ? fields.Data.Get(EventField.SessionThreadId) : isTool ? fields.Data.Get(EventField.SessionId) ?? id : id,
            Session = isThread ? id : null,
            Vault = fields.Data.Get(EventField.VaultId),
            Organization = fields.Data.Get(EventField.OrganizationId),
            Workspace = fields.Data.Get(EventField.WorkspaceId),
        };
    }

    /// <summary>
    /// Type and ids at the top level; an id that is missing there is looked for in <c>resource</c> and in <c>data</c>. Null when the type's
    /// prefix names a resource whose id is nowhere: then nothing tells what to look at.
    /// </summary>
    private static Shape? ReadGuide(in EventBody fields, string type)
    {
        var rule = EventCatalog.Find(type);
        var session = FindId(in fields, ResourceKey.SessionType);
        var own = rule is null ? null : FindId(in fields, rule.ResourceType);
        if (rule is not null && own is null && (rule.ResourceType != ResourceKey.SessionThreadType || session is null))
        {
            return null;
        }

        return new Shape
        {
            Type = type,
            Rule = rule,
            Dialect = WebhookDialect.Guide,
            Own = own,
            Session = session,
            Vault = FindId(in fields, "vault"),
            Organization = fields.Top.Get(EventField.OrganizationId) ?? fields.Data.Get(EventField.OrganizationId),
            Workspace = fields.Top.Get(EventField.WorkspaceId) ?? fields.Data.Get(EventField.WorkspaceId),
        };
    }

    private static WebhookEnvelope Build(in Shape shape, string eventId, DateTimeOffset? createdAt)
    {
        var (resource, parent, session) = Locate(in shape);
        return new WebhookEnvelope
        {
            EventId = eventId,
            EventType = shape.Type,
            Dialect = shape.Dialect,
            CreatedAt = createdAt,
            Resource = resource,
            ParentId = parent,
            SessionId = session,
            OrganizationId = shape.Organization,
            WorkspaceId = shape.Workspace,
            IsDeletion = shape.Rule is { IsDeletion: true },
            Lane = shape.Rule?.Lane ?? WorkLane.Normal,
        };
    }

    private static (ResourceKey? Resource, string? Parent, string? Session) Locate(in Shape shape)
    {
        var resource = shape is { Rule: { } rule, Own: { } own } ? new ResourceKey(rule.ResourceType, own) : (ResourceKey?)null;
        return shape.Rule?.ResourceType switch
        {
            ResourceKey.SessionType => (resource, null, shape.Own),

            // A thread that is not named, or has no session, cannot be fetched; its session can.
            ResourceKey.SessionThreadType when shape.Session is null => (null, null, null),
            ResourceKey.SessionThreadType when resource is null => (ResourceKey.Session(shape.Session), null, shape.Session),
            ResourceKey.SessionThreadType => (resource, shape.Session, shape.Session),

            // Without its vault a credential cannot be fetched, only be recorded as deleted.
            "vault_credential" when shape.Vault is null && !shape.Rule.IsDeletion => (null, null, null),
            "vault_credential" => (resource, shape.Vault, null),
            _ => (resource, null, null),
        };
    }

    private static string? FindId(in EventBody fields, string resourceType)
    {
        var field = resourceType switch
        {
            ResourceKey.SessionType => EventField.SessionId,
            ResourceKey.SessionThreadType => EventField.SessionThreadId,
            "agent" => EventField.AgentId,
            "environment" => EventField.EnvironmentId,
            "deployment_run" => EventField.DeploymentRunId,
            "deployment" => EventField.DeploymentId,
            "vault_credential" => EventField.VaultCredentialId,
            "vault" => EventField.VaultId,
            "memory_store" => EventField.MemoryStoreId,
            "user_profile" => EventField.UserProfileId,
            _ => EventField.ExternalKeyId,
        };
        var shortName = field == EventField.VaultCredentialId ? EventField.CredentialId : field;
        return fields.Top.Get(field)
            ?? fields.Top.Get(shortName)
            ?? (fields.Reference.Get(EventField.Type) == resourceType ? fields.Reference.Get(EventField.Id) : null)
            ?? fields.Data.Get(field)
            ?? fields.Data.Get(shortName);
    }

    /// <summary>A body whose shape is known. <c>Own</c> is the id of the resource itself.</summary>
    private readonly struct Shape
    {
        public required string Type { get; init; }

        public required EventRule? Rule { get; init; }

        public required WebhookDialect Dialect { get; init; }

        public required string? Own { get; init; }

        public required string? Session { get; init; }

        public required string? Vault { get; init; }

        public required string? Organization { get; init; }

        public required string? Workspace { get; init; }
    }
}
