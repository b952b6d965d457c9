using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Storage;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>
/// Counts what a change of grants would show and hide. What is newly shown is what either sight shows less what the old one shows, and the other way
/// round: three exact counts, however large the store. Each is of its own moment.
/// </summary>
internal sealed class GrantPreview(IDriveStore store)
{
    /// <summary>Examples of each side. Chosen: enough to recognise a mistake.</summary>
    private const int Examples = 10;

    /// <summary>Pages that are looked through for examples. Chosen: bounds the work where nearly all is seen before and after.</summary>
    private const int Pages = 10;

    public async ValueTask<PreviewDto> ReadAsync(Team team, GrantChange change, CancellationToken cancellationToken)
    {
        var (before, after) = (Sight.Of(team.Grants.Select(static granted => granted.Grant.Scope)), change.After(team));
        var either = await CountAsync(Sight.Of(before.Scopes.Concat(after.Scopes)), cancellationToken);
        return new PreviewDto(
            team.TeamId,
            Side(either, await CountAsync(before, cancellationToken), await ExamplesAsync(after, before, cancellationToken)),
            Side(either, await CountAsync(after, cancellationToken), await ExamplesAsync(before, after, cancellationToken)));
    }

    private static PreviewSideDto Side(
        IReadOnlyDictionary<string, long> either, IReadOnlyDictionary<string, long> seen, IReadOnlyList<PreviewExampleDto> examples)
    {
        var byType = either.Select(pair => (pair.Key, Count: Math.Max(0, pair.Value - seen.GetValueOrDefault(pair.Key))))
            .Where(static pair => pair.Count > 0).ToDictionary(static pair => pair.Key, static pair => pair.Count, StringComparer.Ordinal);
        return new PreviewSideDto(byType.Values.Sum(), byType, examples);
    }

    private async ValueTask<IReadOnlyDictionary<string, long>> CountAsync(Sight sight, CancellationToken cancellationToken) =>
        (await store.CountContextsAsync(sight, cancellationToken)).ByType;

    private async ValueTask<IReadOnlyList<PreviewExampleDto>> ExamplesAsync(Sight of, Sight not, CancellationToken cancellationToken)
    {
        var found = new List<PreviewExampleDto>();
        long? from = null;
        for (var i = 0; i < Pages && found.Count < Examples; i++)
        {
            var page = await store.ListHeadsAsync(
                of, new ContextFilter { Type = ResourceKey.SessionType }, new PageRequest(PageRequest.MaxLimit, from) { Counted = false }, cancellationToken);
            found.AddRange(page.Items.Where(head => !not.Matches(ResourcePlaces.Of(head))).Select(static head => new PreviewExampleDto(head.Resource.Id, head.Title)));
            if (page.Next is null)
            {
                break;
            }

            from = page.Next;
        }

        return [.. found.Take(Examples)];
    }
}
