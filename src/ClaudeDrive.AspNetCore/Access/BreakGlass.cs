using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Access;
using ClaudeDrive.Audit;
using ClaudeDrive.Diagnostics;

namespace ClaudeDrive.AspNetCore.Access;

/// <summary>
/// Looking beyond one's grants for a stated reason and a limited time. An opening is its own row of the audit log and nothing else, so that none can
/// be made that the log does not hold; every node learns of it within <see cref="CacheFor"/>.
/// </summary>
internal sealed class BreakGlass(IAuditStore store, TimeProvider time)
{
    /// <summary>Longest opening. Chosen: an incident, not a habit.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(4);

    /// <summary>How long an answer of the store is used.</summary>
    public static readonly TimeSpan CacheFor = TimeSpan.FromMilliseconds(500);

    private const int Portion = 200;

    private volatile Known? _known;

    /// <summary>What this key sees beyond its grants now. Throws <see cref="DriveStoreException"/>.</summary>
    public async ValueTask<IReadOnlyList<Opening>> FindOpenAsync(string keyId, CancellationToken cancellationToken)
    {
        var known = _known;
        if (known is null || time.GetElapsedTime(known.At) >= CacheFor)
        {
            // Taken before the store is asked, as for keys.
            var at = time.GetTimestamp();
            var recent = await ReadAsync(time.GetUtcNow() - Longest, cancellationToken);
            _known = known = new Known(at, [.. recent.Where(static opening => opening.ClosedAt is null)]);
        }

        return known.Open.Count == 0 ? [] : [.. known.Open.Where(opening => opening.KeyId == keyId && opening.ExpiresAt > time.GetUtcNow())];
    }

    /// <summary>Every opening of the last 30 days, newest first.</summary>
    public ValueTask<IReadOnlyList<Opening>> ReadRecentAsync(CancellationToken cancellationToken) =>
        ReadAsync(time.GetUtcNow() - TimeSpan.FromDays(30), cancellationToken);

    /// <summary>Opens; durable and in force on this node when it returns.</summary>
    public async ValueTask<Opening> OpenAsync(Deed deed, string? keyId, Scope scope, TimeSpan length, CancellationToken cancellationToken)
    {
        var id = KeyText.MakeId("glass");
        var end = time.GetUtcNow() + length;
        var row = await store.AppendAuditAsync(
            AuditDraft.Of(deed, AuditActions.GlassBroken, $"break_glass/{id}", after: AuditText.Of(
                ("key_id", keyId),
                ("organization_id", scope.OrganizationId),
                ("workspace_id", scope.WorkspaceId),
                ("agent_id", scope.AgentId),
                ("metadata_key", scope.Tag?.Key),
                ("metadata_value", scope.Tag?.Value),
                ("expires_at", end.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)))),
            cancellationToken);
        _known = null;
        return Read(row);
    }

    /// <summary>Closes before its time; durable and in force on this node when it returns.</summary>
    public async ValueTask CloseAsync(Deed deed, Opening opening, CancellationToken cancellationToken)
    {
        await store.AppendAuditAsync(AuditDraft.Of(deed, AuditActions.GlassClosed, $"break_glass/{opening.Id}"), cancellationToken);
        _known = null;
    }

    /// <summary>Records a request that was let through with more than the caller's own grants.</summary>
    public async ValueTask NoteAsync(Deed deed, Opening opening, string method, string path, CancellationToken cancellationToken) =>
        await store.AppendAuditAsync(
            AuditDraft.Of(
                deed with { Reason = opening.Reason }, AuditActions.GlassUsed, $"break_glass/{opening.Id}", after: AuditText.Of(("method", method), ("path", path))),
            cancellationToken);

    private async ValueTask<IReadOnlyList<Opening>> ReadAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var opened = await ListAsync(AuditActions.GlassBroken, since, cancellationToken);
        if (opened.Count == 0)
        {
            return [];
        }

        var closed = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var row in await ListAsync(AuditActions.GlassClosed, since, cancellationToken))
        {
            closed[row.What.Resource] = row.At;
        }

        return [.. opened.Select(row => Read(row) with { ClosedAt = closed.TryGetValue(row.What.Resource, out var at) ? at : null })];
    }

    private async ValueTask<List<AuditEntry>> ListAsync(string action, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var rows = new List<AuditEntry>();
        long? before = null;
        do
        {
            var page = await store.ListAuditAsync(new AuditFilter { Action = action, From = since }, before, Portion, cancellationToken);
            rows.AddRange(page.Items);
            before = page.Next;
        }
        while (before is not null);
        return rows;
    }

    private static Opening Read(AuditEntry row)
    {
        using var document = JsonDocument.Parse(row.What.After!);
        var fields = document.RootElement;
        return new Opening
        {
            Id = row.What.Resource["break_glass/".Length..],
            Actor = row.What.Actor,
            KeyId = Text("key_id"),
            Reason = row.What.Reason ?? "",
            OpenedAt = row.At,
            ExpiresAt = DateTimeOffset.Parse(Text("expires_at")!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            Scope = new Scope
            {
                OrganizationId = Text("organization_id"),
                WorkspaceId = Text("workspace_id"),
                AgentId = Text("agent_id"),
                Tag = Text("metadata_key") is { } key ? new MetadataTag(key, Text("metadata_value")!) : null,
            },
        };

        string? Text(string name) => fields.TryGetProperty(name, out var field) ? field.GetString() : null;
    }

    private sealed record Known(long At, IReadOnlyList<Opening> Open);
}
