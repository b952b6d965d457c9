using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Inbox;
using ClaudeDrive.Storage;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Delivery attempts.</summary>
internal sealed class DeliveryRoutes(IDriveStore store)
{
    public void Map(ApiRoutes routes) =>
        routes.Get("deliveries", CallerRole.Viewer, ListAsync)
            .Describe("listDeliveries", "deliveries", "Every attempt that reached an endpoint, newest first.")
            .Query("endpoint", "Endpoint that was addressed.")
            .Query("outcome", "How it ended.", EnumText<DeliveryOutcome>.All)
            .Query("event_id", "Exact event id.")
            .Query("from", "Received at or after, RFC 3339.")
            .Query("to", "Received before, RFC 3339.")
            .Paged().Returns<ListOf<DeliveryDto>>().Refuses(400);

    private async Task<ApiReply> ListAsync(HttpContext context)
    {
        var query = new ListQuery(context.Request, "deliveries");
        var filter = new DeliveryFilter
        {
            Endpoint = query.Text("endpoint"),
            Outcome = query.Enum<DeliveryOutcome>("outcome"),
            EventId = query.Text("event_id"),
            From = query.Instant("from"),
            To = query.Instant("to"),
        };
        var page = query.Page();
        return query.Problem is { } problem
            ? problem
            : Listing.Reply(
                query, await store.ListDeliveriesAsync(CallerFeature.SightOf(context), filter, page, context.RequestAborted),
                DeliveryDto.Of, ApiJson.Default.ListOfDeliveryDto);
    }
}
