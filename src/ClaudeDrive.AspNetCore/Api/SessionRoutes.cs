using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Audit;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;
using ClaudeDrive.Storage;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Sessions: list, one, timeline, transcript.</summary>
internal sealed class SessionRoutes(IDriveStore store, SessionTimeline timeline)
{
    private const string Tag = "sessions";

    private static readonly IReadOnlyDictionary<BlockerKey, string> NoReviews = new Dictionary<BlockerKey, string>();

    public void Map(ApiRoutes routes)
    {
        routes.Get("sessions", CallerRole.Viewer, ListAsync)
            .Describe("listSessions", Tag, "Sessions, most recently changed first.")
            .Query("status", "Exact status.").Query("triage", "Why it is idle.").Query("workspace_id", "Exact workspace id.")
            .Query("agent_id", "Exact agent id.").Query("q", "Text that occurs in title, id or metadata.")
            .Paged().Returns<ListOf<SessionDto>>().Refuses(400);
        routes.Get("sessions/{session_id}", CallerRole.Viewer, ShowAsync)
            .Describe("showSession", Tag, "One session's context.").Returns<SessionDto>().Refuses(400, 404);
        routes.Get("sessions/{session_id}/timeline", CallerRole.Viewer, TimelineAsync)
            .Describe("listSessionTimeline", Tag, "What happened to a session, newest first, on both clocks.")
            .Paged().Returns<ListOf<HappeningDto>>().Refuses(400, 404);
        routes.Get("sessions/{session_id}/transcript", CallerRole.Viewer, TranscriptAsync)
            .Describe("listSessionTranscript", Tag, "The session's events as fetched, in order.")
            .Paged().Returns<ListOf<RawJson>>().Refuses(400, 404);
    }

    private async Task<ApiReply> ListAsync(HttpContext context)
    {
        var query = new ListQuery(context.Request, "sessions");
        var filter = new ContextFilter
        {
            Type = ResourceKey.SessionType,
            Status = query.Text("status"),
            Triage = query.Text("triage"),
            WorkspaceId = query.Text("workspace_id"),
            AgentId = query.Text("agent_id"),
            Query = query.Text("q"),
        };
        var request = query.Page();
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var page = await store.ListHeadsAsync(CallerFeature.SightOf(context), filter, request, context.RequestAborted);
        var rows = await DescribeAsync(CallerFeature.SightOf(context), page.Items, context.RequestAborted);
        var next = page.Next is { } position ? PageCursor.Write(query.Binding, position) : null;
        return ApiReply.Ok(new ListOf<SessionDto>(rows, next, page.Total, page.IsTotalExact), ApiJson.Default.ListOfSessionDto);
    }

    private async Task<ApiReply> ShowAsync(HttpContext context)
    {
        var (head, problem) = await SessionPath.FindAsync(context, store);
        return problem is not null
            ? problem
            : ApiReply.Ok((await DescribeAsync(CallerFeature.SightOf(context), [head!], context.RequestAborted))[0], ApiJson.Default.SessionDto);
    }

    private async Task<ApiReply> TimelineAsync(HttpContext context)
    {
        var (id, problem) = RouteText.Read(context, SessionPath.Parameter);
        var query = new ListQuery(context.Request, $"timeline\n{id}");
        var (limit, positions) = query.Positions(SessionTimeline.Positions);
        if ((problem ?? query.Problem) is { } bad)
        {
            return bad;
        }

        var (rows, next, total) = await timeline.ReadAsync(CallerFeature.SightOf(context), id, limit, positions, context.RequestAborted);
        if (total.Count == 0)
        {
            return Problem.NotFound();
        }

        return ApiReply.Ok(
            new ListOf<HappeningDto>(rows, next is null ? null : PageCursor.Write(query.Binding, next), total.Count, total.IsExact),
            ApiJson.Default.ListOfHappeningDto);
    }

    private async Task<ApiReply> TranscriptAsync(HttpContext context)
    {
        var (head, problem) = await SessionPath.FindAsync(context, store);
        if (problem is not null)
        {
            return problem;
        }

        var query = new ListQuery(context.Request, $"transcript\n{head!.Resource.Id}");
        var page = query.Page();
        if (query.Problem is { } bad)
        {
            return bad;
        }

        // Recorded first: what cannot be recorded is not shown.
        await store.AppendAuditAsync(
            AuditDraft.Of(CallerFeature.DeedOf(context, CallerRole.Viewer), AuditActions.TranscriptRead, head.Resource.ToString()), context.RequestAborted);
        return Listing.Reply(
            query,
            await store.ListTranscriptAsync(CallerFeature.SightOf(context), head.Resource.Id, page, context.RequestAborted),
            static fetched => new RawJson(fetched.Json),
            ApiJson.Default.ListOfRawJson);
    }

    private async Task<IReadOnlyList<SessionDto>> DescribeAsync(Sight sight, IReadOnlyList<ContextHead> heads, CancellationToken cancellationToken)
    {
        var blockers = heads.SelectMany(static head => head.Blockers, static (head, blocker) => KeyOf(head, blocker)).ToList();
        var ids = blockers.Count == 0 ? NoReviews : await store.FindReviewIdsAsync(sight, blockers, cancellationToken);
        return [.. heads.Select(head => SessionDto.Of(head, blocker => ids.GetValueOrDefault(KeyOf(head, blocker))))];
    }

    private static BlockerKey KeyOf(ContextHead head, Blocker blocker) => new(head.Resource.Id, blocker.BlockingEventId);
}
