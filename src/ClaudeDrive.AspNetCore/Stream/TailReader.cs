using System.Text.Json;
using ClaudeDrive.AspNetCore.Api;
using ClaudeDrive.Storage;

namespace ClaudeDrive.AspNetCore.Stream;

/// <summary>Reads what lies after a position, in bounded portions.</summary>
internal sealed class TailReader(IDriveStore store)
{
    /// <summary>Rows of each tail read at once: bounds what one client holds in memory.</summary>
    public const int Portion = 100;

    public async Task<StreamPosition> EndAsync(CancellationToken cancellationToken) => new(
        await TailEnd.FindAsync(async p => (await store.ReadEventsAsync(p, 1, cancellationToken)).Count > 0),
        await TailEnd.FindAsync(async p => (await store.ReadRevisionsAsync(p, 1, cancellationToken)).Count > 0),
        await TailEnd.FindAsync(async p => (await store.ReadStepsAsync(p, 1, cancellationToken)).Count > 0));

    /// <summary>
    /// The messages after <paramref name="from"/>, and the position to go on from. Topics nobody asked for move with the end without messages,
    /// so that a client may widen its topics later without hearing old news.
    /// </summary>
    public async Task<(IReadOnlyList<StreamMessage> Messages, StreamPosition Next)> ReadAsync(
        StreamPosition from, StreamTopics topics, CancellationToken cancellationToken)
    {
        var messages = new List<StreamMessage>();
        var at = from;
        foreach (var e in await store.ReadEventsAsync(from.Events, Portion, cancellationToken))
        {
            at = at with { Events = e.Seq };
            Add(StreamTopics.Events, "events", () => JsonSerializer.SerializeToUtf8Bytes(EventDto.Of(e), ApiJson.Default.EventDto));
        }

        foreach (var r in await store.ReadRevisionsAsync(from.Contexts, Portion, cancellationToken))
        {
            at = at with { Contexts = r.Seq };
            Add(StreamTopics.Contexts, "contexts", () => JsonSerializer.SerializeToUtf8Bytes(ContextNoteDto.Of(r), ApiJson.Default.ContextNoteDto));
        }

        foreach (var s in await store.ReadStepsAsync(from.Reviews, Portion, cancellationToken))
        {
            at = at with { Reviews = s.Seq };
            Add(StreamTopics.Reviews, "reviews", () => JsonSerializer.SerializeToUtf8Bytes(ReviewStepDto.Of(s), ApiJson.Default.ReviewStepDto));
        }

        return (messages, at);

        void Add(StreamTopics topic, string name, Func<byte[]> json)
        {
            if (topics.HasFlag(topic))
            {
                messages.Add(new StreamMessage(name, at, json()));
            }
        }
    }
}
