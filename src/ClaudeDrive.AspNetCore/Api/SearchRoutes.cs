using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Audit;
using ClaudeDrive.Contexts.Search;
using ClaudeDrive.Storage;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Full-text search.</summary>
internal sealed class SearchRoutes(IDriveStore store)
{
    public void Map(ApiRoutes routes) =>
        routes.Get("search", CallerRole.Viewer, SearchAsync)
            .Describe(
                "search", "search", "Contexts and entries of transcripts that hold all of some words, newest text first. 'total' is exact up to 1000; 1001: more.")
            .Query("q", "1 to 16 words, all of which must occur; * behind a word: words that begin so. Nothing else in it means anything. Required.")
            .Paged().Returns<ListOf<SearchHitDto>>().Refuses(400);

    private async Task<ApiReply> SearchAsync(HttpContext context)
    {
        var list = new ListQuery(context.Request, "search");
        var query = list.Text("q") is { } text ? SearchQuery.Parse(text) : null;
        if (query is null)
        {
            list.Refuse("q", $"Give 1 to {SearchQuery.MaxTerms} words, in at most {ListQuery.MaxValueChars} characters.");
        }

        var page = list.Page();
        if (list.Problem is { } problem)
        {
            return problem;
        }

        // Recorded first: what cannot be recorded is not shown, and snippets show parts of transcripts.
        var deed = CallerFeature.DeedOf(context, CallerRole.Viewer);
        await store.AppendAuditAsync(
            AuditDraft.Of(deed, AuditActions.TranscriptSearched, "search/transcripts", after: AuditText.Of(("q", context.Request.Query["q"]))), context.RequestAborted);
        return Listing.Reply(
            list,
            await store.SearchAsync(CallerFeature.SightOf(context), query!, page, context.RequestAborted),
            hit => SearchHitDto.Of(hit, query!),
            ApiJson.Default.ListOfSearchHitDto);
    }
}
