using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Inbox;
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
                query, await store.ListEventsAsync(CallerFeature.SightOf(context), filter, page, context.RequestAborted),
                EventDto.Of, ApiJson.Default.ListOfEventDto);
    }

    private async Task<ApiReply> ShowAsync(HttpContext context)
    {
        var (found, problem) = await FindAsync(context);
        if (problem is not null)
        {
            return problem;
        }

        var (record, body) = found;
        var trace = await traces.ReadAsync(CallerFeature.SightOf(context), record, context.RequestAborted);
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
        var outcome = await store.ReplayAsync(
            CallerFeature.DeedOf(context, CallerRole.Operator), record.Endpoint, record.Envelope.EventId, context.RequestAborted);
        switch (outcome)
        {
            case ReplayOutcome.Unknown:
                // It was seen just now: what is missing is the role.
                return Problem.Forbidden;
            case ReplayOutcome.NothingToFetch:
                return new Problem(409, ProblemCodes.NothingToFetch, "This event names nothing that could be fetched.");
            case ReplayOutcome.Due:
                var after = await store.FindEventAsync(
                    CallerFeature.SightOf(context), record.Endpoint, record.Envelope.EventId, context.RequestAborted);
                return ApiReply.Ok(EventDto.Of(after?.Event ?? record), ApiJson.Default.EventDto);
            default:
                throw new System.Diagnostics.UnreachableException($"Unknown outcome {outcome}.");
        }
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

        var found = await store.FindEventAsync(CallerFeature.SightOf(context), endpoint, id, context.RequestAborted);
        return found is { } hit ? (hit, null) : (default, Problem.NotFound());
    }
}
