using ClaudeDrive.Audit;
using ClaudeDrive.Inbox;

namespace ClaudeDrive.Storage.InMemory;

/// <content>The audit log.</content>
internal sealed partial class InMemoryDriveStore
{
    private readonly List<AuditEntry> _audit = [];

    /// <inheritdoc/>
    public ValueTask<AuditEntry> AppendAuditAsync(AuditDraft what, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            return ValueTask.FromResult(Audit(what));
        }
    }

    /// <inheritdoc/>
    public ValueTask<AuditPage> ListAuditAsync(AuditFilter filter, long? before, int limit, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            var page = Cut(NewestFirst(_audit).Where(entry => Matches(entry, filter)), static entry => entry.Seq, new PageRequest(limit, before));
            return ValueTask.FromResult(new AuditPage(page.Items, page.Next, page.Total));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(long afterSeq, int max, CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            IReadOnlyList<AuditEntry> entries = [.. _audit.Where(entry => entry.Seq > afterSeq).Take(max)];
            return ValueTask.FromResult(entries);
        }
    }

    /// <inheritdoc/>
    public ValueTask<AuditHead> FindAuditHeadAsync(CancellationToken cancellationToken)
    {
        using (Enter(cancellationToken))
        {
            return ValueTask.FromResult(AuditEnd);
        }
    }

    private AuditHead AuditEnd => _audit.Count == 0 ? AuditHead.Empty : new AuditHead(_audit[^1].Seq, _audit[^1].Hash);

    private AuditEntry Audit(AuditDraft what)
    {
        var entry = AuditHash.Link(AuditEnd, what, time.GetUtcNow());
        _audit.Add(entry);
        return entry;
    }

    private static bool Matches(AuditEntry entry, AuditFilter filter) =>
        (filter.Actor is null || entry.What.Actor == filter.Actor)
        && (filter.Action is null || entry.What.Action == filter.Action)
        && (filter.Resource is null || entry.What.Resource == filter.Resource)
        && (filter.From is null || entry.At >= filter.From)
        && (filter.To is null || entry.At < filter.To);
}
