using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Review;
using ClaudeDrive.Storage;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Follows an event through every stage.</summary>
internal sealed class EventTraces(IDriveStore store)
{
    private static readonly PageRequest Most = new(PageRequest.MaxLimit);

    public async Task<EventTraceDto> ReadAsync(Sight sight, EventRecord record, CancellationToken cancellationToken)
    {
        var deliveries = await store.ListDeliveriesAsync(
            sight, new DeliveryFilter { Endpoint = record.Endpoint, EventId = record.Envelope.EventId }, Most, cancellationToken);
        var revision = record is { AppliedRevision: { } number, Envelope.Resource: { } resource }
            ? await store.FindRevisionAsync(sight, resource, number, cancellationToken)
            : null;
        var reviews = await ReviewsAsync(sight, record, revision, cancellationToken);
        return new EventTraceDto
        {
            Deliveries = [.. deliveries.Items.Select(DeliveryDto.Of)],
            Fetches = revision is null ? [] : [.. revision.RequestIds.Select(id => new FetchDto(id, revision.FetchedAt, revision.Number))],
            Revision = revision is null ? null : RevisionDto.Of(revision),
            Reviews = [.. reviews.Select(ReviewDto.Of)],
            Sends = [.. reviews.Select(SendDto.Find).OfType<SendDto>()],
        };
    }

    // The items that the event's revision opened.
    private async Task<IReadOnlyList<ReviewItem>> ReviewsAsync(
        Sight sight, EventRecord record, ContextRevision? revision, CancellationToken cancellationToken)
    {
        if (revision is null || record.Envelope.SessionId is not { } sessionId)
        {
            return [];
        }

        var items = await store.ListReviewsAsync(sight, new ReviewFilter { SessionId = sessionId }, Most, cancellationToken);
        return [.. items.Items.Where(i => i.OpenedRevision == revision.Number)];
    }
}
