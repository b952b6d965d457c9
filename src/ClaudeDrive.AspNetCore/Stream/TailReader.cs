using System.Text.Json;
using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Api;
using ClaudeDrive.Storage;

namespace ClaudeDrive.AspNetCore.Stream;

/// <summary>Reads what lies after a position, in bounded portions.</summary>
internal sealed class TailReader(IDriveStore store)
{
    /// <summary>Rows of each tail read at once: bounds what one client holds in memory.</summary>
    public const int Portion = 100;

    /// <summary>The end of each tail, whoever may see it.</summary>
    public async Task<StreamPosition> EndAsync(CancellationToken cancellationToken) => new(
        await TailEnd.FindAsync(async p => (await store.ReadEventsAsync(Sight.Everything, p, 1, cancellationToken)).Items.Count > 0),
        await TailEnd.FindAsync(async p => (await store.ReadRevisionsAsync(Sight.Everything, p, 1, cancellationToken)).Items.Count > 0),
        await TailEnd.FindAsync(async p => (await store.ReadStepsAsync(Sight.Everything, p, 1, cancellationToken)).Items.Count > 0));

    /// <summary>
    /// The messages after <paramref name="from"/> that <paramref name="sight"/> shows, and the position to go on from. Topics nobody asked for move with
    /// the end without messages, so that a client may widen its topics later without hearing old news; so does what is not seen.
    /// </summary>
    public async Task<(IReadOnlyList<StreamMessage> Messages, StreamPosition Next)> ReadAsync(
        Sight sight, StreamPosition from, StreamTopics topics, CancellationToken cancellationToken)
    {
        var messages = new List<StreamMessage>();
        var at = from;
        var events = await store.ReadEventsAsync(sight, from.Events, Portion, cancellationToken);
        foreach (var e in events.Items)
        {
            at = at with { Events = e.Seq };
            Add(StreamTopics.Events, "events", () => JsonSerializer.SerializeToUtf8Bytes(EventDto.Of(e), ApiJson.Default.EventDto));
        }

        at = at with { Events = events.Through };
        var revisions = await store.ReadRevisionsAsync(sight, from.Contexts, Portion, cancellationToken);
        foreach (var r in revisions.Items)
        {
            at = at with { Contexts = r.Seq };
            Add(StreamTopics.Contexts, "contexts", () => JsonSerializer.SerializeToUtf8Bytes(ContextNoteDto.Of(r), ApiJson.Default.ContextNoteDto));
        }

        at = at with { Contexts = revisions.Through };
        var steps = await store.ReadStepsAsync(sight, from.Reviews, Portion, cancellationToken);
        foreach (var s in steps.Items)
        {
            at = at with { Reviews = s.Seq };
            Add(StreamTopics.Reviews, "reviews", () => JsonSerializer.SerializeToUtf8Bytes(ReviewStepDto.Of(s), ApiJson.Default.ReviewStepDto));
        }

        return (messages, at with { Reviews = steps.Through });

        void Add(StreamTopics topic, string name, Func<byte[]> json)
        {
            if (topics.HasFlag(topic))
            {
                messages.Add(new StreamMessage(name, at, json()));
            }
        }
    }
}
