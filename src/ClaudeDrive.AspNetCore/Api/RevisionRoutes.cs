using System.Globalization;
using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Contexts;
using ClaudeDrive.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Revisions of a session: list, one whole, and what changed between two.</summary>
internal sealed class RevisionRoutes(IDriveStore store)
{
    private const string Tag = "sessions";

    public void Map(ApiRoutes routes)
    {
        routes.Get("sessions/{session_id}/revisions", CallerRole.Viewer, ListAsync)
            .Describe("listSessionRevisions", Tag, "Revisions with their causes, newest first.")
            .Paged().Returns<ListOf<RevisionDto>>().Refuses(400, 404);
        routes.Get("sessions/{session_id}/revisions/{revision}", CallerRole.Viewer, ShowAsync)
            .Describe("showSessionRevision", Tag, "One revision with its snapshot.").Returns<RevisionDetailDto>().Refuses(400, 404);
        routes.Get("sessions/{session_id}/diff", CallerRole.Viewer, DiffAsync)
            .Describe("diffSession", Tag, "JSON Patch (RFC 6902) that turns the snapshot of one revision into that of another.")
            .Query("from", "Revision to start from; default the one before 'to'.", type: "integer")
            .Query("to", "Revision to end at; default the newest.", type: "integer")
            .Returns<RawJson>("application/json-patch+json").Refuses(400, 404);
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    private async Task<ApiReply> ListAsync(HttpContext context)
    {
        var (head, problem) = await SessionPath.FindAsync(context, store);
        if (problem is not null)
        {
            return problem;
        }

        var query = new ListQuery(context.Request, $"revisions\n{head!.Resource.Id}");
        var page = query.Page();
        return query.Problem is { } bad
            ? bad
            : Listing.Reply(
                query,
                await store.ListRevisionsAsync(CallerFeature.SightOf(context), head.Resource, page, context.RequestAborted),
                RevisionDto.Of,
                ApiJson.Default.ListOfRevisionDto);
    }

    private async Task<ApiReply> ShowAsync(HttpContext context)
    {
        var (head, problem) = await SessionPath.FindAsync(context, store);
        if (problem is not null)
        {
            return problem;
        }

        if (Number(context.GetRouteValue("revision") as string ?? string.Empty) is not { } number)
        {
            return Problem.BadParameter("revision", "A revision is a whole number from 1.");
        }

        return await store.FindRevisionAsync(CallerFeature.SightOf(context), head!.Resource, number, context.RequestAborted) is { } revision
            ? ApiReply.Ok(RevisionDetailDto.Of(revision, revision.Snapshot), ApiJson.Default.RevisionDetailDto)
            : Problem.NotFound("The session has no such revision.");
    }

    private async Task<ApiReply> DiffAsync(HttpContext context)
    {
        var (head, problem) = await SessionPath.FindAsync(context, store);
        if (problem is not null)
        {
            return problem;
        }

        var query = new ListQuery(context.Request, "diff");
        var to = Read(query, "to") ?? head!.Revision;
        var from = Read(query, "from") ?? Math.Max(1, to - 1);
        if (query.Problem is { } bad)
        {
            return bad;
        }

        var (a, b) = (await FindAsync(from), await FindAsync(to));
        if (a is null || b is null)
        {
            return Problem.NotFound($"The session has no revision {(a is null ? from : to)}.");
        }

        return ApiReply.Ok(RawJson.Of(JsonDiff.Create(a.Snapshot, b.Snapshot)), ApiJson.Default.RawJson);

        ValueTask<ContextRevision?> FindAsync(int number) =>
            store.FindRevisionAsync(CallerFeature.SightOf(context), head!.Resource, number, context.RequestAborted);
    }

    private static int? Read(ListQuery query, string name)
    {
        if (query.Text(name) is not { } text)
        {
            return null;
        }

        var number = Number(text);
        if (number is null)
        {
            query.Refuse(name, "A revision is a whole number from 1.");
        }

        return number;
    }
}
