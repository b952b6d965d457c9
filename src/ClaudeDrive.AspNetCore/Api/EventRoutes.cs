using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Storage;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Events: list, one with its trace, look again.</summary>
internal sealed class EventRoutes(IDriveStore store, EventTraces traces)
{
    private const string Tag = "events";

    public void Map(ApiRoutes routes)
    {
        EventQuery.Describe(
            routes.Get("events", CallerRole.Viewer, ListAsync).Describe("listEvents", Tag, "Events, newest first."), withState: true)
            .Paged().Returns<ListOf<EventDto>>().Refuses(400);
        routes.Get("events/{event_id}", CallerRole.Viewer, ShowAsync)
            .Describe("showEvent", Tag, "One event with its payload and everything that became of it.")
            .Query("endpoint", "The endpoint, when several have an event of this id.")
            .Returns<EventDetailDto>().Refuses(400, 404);
        routes.Post("events/{event_id}/replay", CallerRole.Operator, ReplayAsync)
            .Describe("replayEvent", Tag, "Looks at the event's resource again. Safe to call twice.")
            .Query("endpoint", "The endpoint, when several have an event of this id.")
            .Returns<EventDto>().Refuses(400, 404, 409);
    }

    private async Task<ApiReply> ListAsync(HttpContext context)
    {
        var query = new ListQuery(context.Request, "events");
        var filter = EventQuery.Read(query) with { State = query.Enum<EventState>("state") };
        var page = query.Page();
        return query.Problem is { } problem
            ? problem
            : Listing.Reply(
                query, await store.ListEventsAsync(filter, page, context.RequestAborted), EventDto.Of, ApiJson.Default.ListOfEventDto);
    }

    private async Task<ApiReply> ShowAsync(HttpContext context)
    {
        var (found, problem) = await FindAsync(context);
        if (problem is not null)
        {
            return problem;
        }

        var (record, body) = found;
        var trace = await traces.ReadAsync(record, context.RequestAborted);
        return ApiReply.Ok(EventDetailDto.Of(record, body, trace), ApiJson.Default.EventDetailDto);
    }

    private async Task<ApiReply> ReplayAsync(HttpContext context)
    {
        var (found, problem) = await FindAsync(context);
        if (problem is not null)
        {
            return problem;
        }

        var record = found.Event;
        if (record.Envelope is not { Resource: { } resource, IsDeletion: false })
        {
            return new Problem(409, ProblemCodes.NothingToFetch, "This event names nothing that could be fetched.");
        }

        if (record.State == EventState.Dead)
        {
            await store.RetryDeadAsync(new EventFilter { EventId = record.Envelope.EventId, Endpoint = record.Endpoint }, context.RequestAborted);
        }
        else
        {
            await store.RequestAsync(resource, record.Envelope.ParentId, WorkLane.Watched, context.RequestAborted);
        }

        var after = await store.FindEventAsync(record.Endpoint, record.Envelope.EventId, context.RequestAborted);
        return ApiReply.Ok(EventDto.Of(after?.Event ?? record), ApiJson.Default.EventDto);
    }

    private async Task<((EventRecord Event, ReadOnlyMemory<byte> Body) Found, Problem? Problem)> FindAsync(HttpContext context)
    {
        var query = new ListQuery(context.Request, "event");
        var endpoint = query.Text("endpoint");
        var (id, problem) = RouteText.Read(context, "event_id");
        if ((problem ?? query.Problem) is { } bad)
        {
            return (default, bad);
        }

        var found = await store.FindEventAsync(endpoint, id, context.RequestAborted);
        return found is { } hit ? (hit, null) : (default, Problem.NotFound());
    }
}
