using ClaudeDrive.Access;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Storage;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>
/// Merges a session's events, revisions and review steps, newest known first. Each keeps its own position, so that a page continues exactly
/// where the one before ended whatever arrives meanwhile.
/// </summary>
internal sealed class SessionTimeline(IDriveStore store)
{
    /// <summary>Positions in a cursor: events, revisions, steps.</summary>
    public const int Positions = 3;

    public async Task<(IReadOnlyList<HappeningDto> Rows, long[]? Next, RowTotal Total)> ReadAsync(
        Sight sight, string sessionId, int limit, long[]? from, CancellationToken cancellationToken)
    {
        from ??= [long.MaxValue, long.MaxValue, long.MaxValue];
        var events = await store.ListEventsAsync(
            sight, new EventFilter { SessionId = sessionId }, new PageRequest(limit, from[0]), cancellationToken);
        var revisions = await store.ListRevisionsAsync(
            sight, ResourceKey.Session(sessionId), new PageRequest(limit, from[1]), cancellationToken);
        var steps = await store.ListStepsAsync(sight, sessionId, null, cancellationToken);

        var rows = events.Items.Select(e => new Row(HappeningDto.Of(e), 0, e.Seq))
            .Concat(revisions.Items.Select(r => new Row(HappeningDto.Of(r), 1, r.Number)))
            .Concat(steps.Where(s => s.Seq < from[2]).Select(s => new Row(HappeningDto.Of(s), 2, s.Seq)))
            .OrderByDescending(r => r.Happening.KnownAt)
            .ThenByDescending(r => r.Source)
            .ThenByDescending(r => r.Position)
            .ToList();
        var taken = rows.Take(limit).ToList();
        var next = (long[])from.Clone();
        foreach (var row in taken)
        {
            next[row.Source] = Math.Min(next[row.Source], row.Position);
        }

        var more = rows.Count > taken.Count || events.Next is not null || revisions.Next is not null;
        return ([.. taken.Select(r => r.Happening)], more ? next : null, new RowTotal(events.Total + revisions.Total + steps.Count, events.IsTotalExact));
    }

    private readonly record struct Row(HappeningDto Happening, int Source, long Position);
}
