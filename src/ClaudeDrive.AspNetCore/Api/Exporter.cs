using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Contexts;
using ClaudeDrive.Custody;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;
using ClaudeDrive.Storage;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>
/// Walks over everything that somebody may see, page by page: no more than one page is in memory, and no transaction lasts longer than one. Contexts come in
/// an order that no change disturbs, so each that is there from the beginning to the end comes once; each page is what was true when it was read. Who may see
/// what is asked anew with every page.
/// </summary>
internal sealed class Exporter(IDriveStore store, Func<ValueTask<Sight>> sight, Func<ReadOnlyMemory<byte>, ValueTask> write, CancellationToken cancellationToken)
{
    /// <summary>Rows of a page. Chosen: revisions and transcripts hold large objects.</summary>
    private const int PageRows = 50;


    private readonly ExportLine _line = new();

    /// <summary>Lines and chain so far.</summary>
    public (long Lines, string Hash) State => (_line.Lines, _line.Hash);

    /// <summary>Writes the whole export but its closing line.</summary>
    public async Task RunAsync(ExportHeaderDto header)
    {
        await WriteAsync("export", null, header, ApiJson.Default.ExportHeaderDto);
        ResourceKey? after = null;
        while (await store.ReadHeadsAsync(await sight(), after, PageRows, cancellationToken) is { Count: > 0 } heads)
        {
            foreach (var head in heads)
            {
                await WriteContextAsync(head);
            }

            after = heads[^1].Resource;
        }

        await WriteEventsAsync();
    }

    /// <summary>Writes the closing line.</summary>
    public ValueTask CloseAsync() => write(_line.Close());

    private async Task WriteContextAsync(ContextHead head)
    {
        var isSession = head.Resource.Type == ResourceKey.SessionType;
        if (isSession)
        {
            await WriteAsync("session", head.Resource, SessionDto.Of(head, static _ => null), ApiJson.Default.SessionDto);
        }
        else
        {
            await WriteAsync("resource", head.Resource, ResourceDto.Of(head), ApiJson.Default.ResourceDto);
        }

        await PagesAsync(
            async page => await store.ListRevisionsAsync(await sight(), head.Resource, page, cancellationToken),
            revision => WriteAsync("revision", head.Resource, RevisionDetailDto.Of(revision, revision.Snapshot), ApiJson.Default.RevisionDetailDto));
        if (isSession)
        {
            await WriteSessionAsync(head.Resource);
        }
    }

    private async Task WriteSessionAsync(ResourceKey session)
    {
        await PagesAsync(
            async page => await store.ListTranscriptAsync(await sight(), session.Id, page, cancellationToken),
            entry => WriteAsync(
                "transcript", session, new ExportedEntryDto { FirstRevision = entry.FirstRevision, Entry = new RawJson(entry.Json) }, ApiJson.Default.ExportedEntryDto));
        await PagesAsync(
            async page => await store.ListReviewsAsync(await sight(), new ReviewFilter { SessionId = session.Id }, page, cancellationToken),
            async item => await WriteAsync(
                "review",
                session,
                ReviewDetailDto.Of(item, await store.ListStepsAsync(await sight(), null, item.ReviewId, cancellationToken)),
                ApiJson.Default.ReviewDetailDto));
        await WriteTimelineAsync(session);
    }

    private async Task WriteTimelineAsync(ResourceKey session)
    {
        var timeline = new SessionTimeline(store);
        long[]? from = null;
        do
        {
            var (rows, next, _) = await timeline.ReadAsync(await sight(), session.Id, PageRows, from, cancellationToken);
            foreach (var row in rows)
            {
                await WriteAsync("timeline", session, row, ApiJson.Default.HappeningDto);
            }

            from = next;
        }
        while (from is not null);
    }

    private async Task WriteEventsAsync()
    {
        for (var after = 0L; ;)
        {
            var tail = await store.ReadEventsAsync(await sight(), after, PageRows, cancellationToken);
            foreach (var record in tail.Items)
            {
                var found = await store.FindEventAsync(await sight(), record.Endpoint, record.Envelope.EventId, cancellationToken);
                if (found is (var current, var body))
                {
                    await WriteAsync("event", record.Envelope.Resource, ExportedEventDto.Of(current, body), ApiJson.Default.ExportedEventDto);
                }
            }

            if (tail.Through == after)
            {
                return;
            }

            after = tail.Through;
        }
    }

    private static async Task PagesAsync<T>(Func<PageRequest, Task<Page<T>>> read, Func<T, Task> each)
    {
        long? before = null;
        do
        {
            var page = await read(new PageRequest(PageRows, before));
            foreach (var row in page.Items)
            {
                await each(row);
            }

            before = page.Next;
        }
        while (before is not null);
    }

    private async Task WriteAsync<T>(string kind, ResourceKey? resource, T data, JsonTypeInfo<T> shape) =>
        await write(_line.Write(kind, resource?.Type, resource?.Id, JsonSerializer.SerializeToUtf8Bytes(data, shape)));
}
