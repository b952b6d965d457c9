using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Inbox;
using ClaudeDrive.Storage;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Dead letters: list, retry and discard, singly and by filter. Every action is safe to press twice.</summary>
internal sealed class DeadLetterRoutes(IDriveStore store)
{
    private const string Tag = "dead-letters";

    public void Map(ApiRoutes routes)
    {
        EventQuery.Describe(
            routes.Get("dead-letters", CallerRole.Viewer, ListAsync)
                .Describe("listDeadLetters", Tag, "Events that were given up and wait for a person, newest first."),
            withState: false).Paged().Returns<ListOf<EventDto>>().Refuses(400);
        routes.Post("dead-letters/{event_id}/retry", CallerRole.Operator, c => SettleAsync(c, EventState.Pending, store.RetryDeadAsync))
            .Describe("retryDeadLetter", Tag, "Tries one again.").Query("endpoint", "The endpoint, when several have an event of this id.")
            .Returns<EventDto>().Refuses(400, 404, 409);
        routes.Post("dead-letters/{event_id}/discard", CallerRole.Operator, c => SettleAsync(c, EventState.Discarded, store.DiscardDeadAsync))
            .Describe("discardDeadLetter", Tag, "Drops one.").Query("endpoint", "The endpoint, when several have an event of this id.")
            .Returns<EventDto>().Refuses(400, 404, 409);
        routes.Post("dead-letters/retry", CallerRole.Operator, RetryAsync)
            .Describe("retryDeadLetters", Tag, "Tries all again that match; {} means all.")
            .Accepts<DeadLetterFilterBody>().Returns<RetriedDto>().Refuses(400, 413, 415);
        routes.Post("dead-letters/discard", CallerRole.Operator, DiscardAsync)
            .Describe("discardDeadLetters", Tag, "Drops all that match; {} means all.")
            .Accepts<DeadLetterFilterBody>().Returns<DiscardedDto>().Refuses(400, 413, 415);
    }

    private async Task<ApiReply> ListAsync(HttpContext context)
    {
        var query = new ListQuery(context.Request, "dead-letters");
        var filter = EventQuery.Read(query) with { State = EventState.Dead };
        var page = query.Page();
        return query.Problem is { } problem
            ? problem
            : Listing.Reply(
                query, await store.ListEventsAsync(CallerFeature.SightOf(context), filter, page, context.RequestAborted), EventDto.Of, ApiJson.Default.ListOfEventDto);
    }

    private async Task<ApiReply> SettleAsync(
        HttpContext context, EventState done, Func<Deed, EventFilter, CancellationToken, ValueTask<int>> settle)
    {
        var query = new ListQuery(context.Request, "dead-letter");
        var endpoint = query.Text("endpoint");
        var (id, problem) = RouteText.Read(context, "event_id");
        if ((problem ?? query.Problem) is { } bad)
        {
            return bad;
        }

        var (sight, deed) = (CallerFeature.SightOf(context), CallerFeature.DeedOf(context, CallerRole.Operator));
        if (await store.FindEventAsync(deed.Sight, endpoint, id, context.RequestAborted) is not { } before)
        {
            return Problem.NotAllowed(await store.FindEventAsync(sight, endpoint, id, context.RequestAborted) is not null);
        }

        var settled = await settle(deed, new EventFilter { EventId = id, Endpoint = before.Event.Endpoint }, context.RequestAborted);
        var after = (await store.FindEventAsync(sight, before.Event.Endpoint, id, context.RequestAborted))?.Event ?? before.Event;
        if (settled > 0 || after.State == done)
        {
            return ApiReply.Ok(EventDto.Of(after), ApiJson.Default.EventDto);
        }

        return after.State == EventState.Dead
            ? new Problem(409, ProblemCodes.NothingToFetch, "This event names nothing that could be fetched; it can only be discarded.")
            : new Problem(409, ProblemCodes.NotADeadLetter, $"The event is {EnumText<EventState>.Of(after.State)}, not dead.");
    }

    // Over what the caller is operator of: what is only seen is left alone.
    private static Deed Deed(HttpContext context) => CallerFeature.DeedOf(context, CallerRole.Operator);

    private async Task<ApiReply> RetryAsync(HttpContext context)
    {
        var (filter, problem) = await DeadLetterFilter.ReadAsync(context);
        return problem is not null
            ? problem
            : ApiReply.Ok(new RetriedDto(await store.RetryDeadAsync(Deed(context), filter!, context.RequestAborted)), ApiJson.Default.RetriedDto);
    }

    private async Task<ApiReply> DiscardAsync(HttpContext context)
    {
        var (filter, problem) = await DeadLetterFilter.ReadAsync(context);
        return problem is not null
            ? problem
            : ApiReply.Ok(new DiscardedDto(await store.DiscardDeadAsync(Deed(context), filter!, context.RequestAborted)), ApiJson.Default.DiscardedDto);
    }
}
