using System.Text.Json;
using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Review;
using ClaudeDrive.Storage;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Review items: list, one, claim, release, answer.</summary>
internal sealed class ReviewRoutes(IDriveStore store)
{
    /// <summary>How long a claim holds. Chosen: long enough to look something up, short enough that a forgotten claim blocks nobody for long.</summary>
    public static readonly TimeSpan ClaimFor = TimeSpan.FromMinutes(15);

    // Room for an answer whose text is written with escapes.
    private const int MaxBodyBytes = 2 * AnswerRules.MaxAnswerBytes;

    private const string Tag = "reviews";

    public void Map(ApiRoutes routes)
    {
        routes.Get("reviews", CallerRole.Viewer, ListAsync)
            .Describe("listReviews", Tag, "Review items, newest first.")
            .Query("state", "State.", EnumText<ReviewState>.All).Query("session_id", "Exact session id.")
            .Query("assignee", "Exact name of who claimed it.")
            .Paged().Returns<ListOf<ReviewDto>>().Refuses(400);
        routes.Get("reviews/{review_id}", CallerRole.Viewer, ShowAsync)
            .Describe("showReview", Tag, "One item with its history.").Returns<ReviewDetailDto>().Refuses(400, 404);
        routes.Post("reviews/{review_id}/claim", CallerRole.Reviewer, ClaimAsync)
            .Describe("claimReview", Tag, "Claims an item for 15 minutes; again: extends. 'takeover' with a note takes it from another.")
            .Accepts<ClaimBody>(optional: true).Returns<ReviewDetailDto>().Refuses(400, 404, 409, 413, 415);
        routes.Post("reviews/{review_id}/release", CallerRole.Reviewer, ReleaseAsync)
            .Describe("releaseReview", Tag, "Gives a claim back.")
            .Accepts<ReleaseBody>(optional: true).Returns<ReviewDetailDto>().Refuses(400, 404, 409, 413, 415);
        routes.Post("reviews/{review_id}/answer", CallerRole.Reviewer, AnswerAsync)
            .Describe("answerReview", Tag, "Answers an item; the answer is sent to Claude exactly once.")
            .Accepts<AnswerBody>().Returns<ReviewDetailDto>().Refuses(400, 404, 409, 413, 415, 422);
    }

    private async Task<ApiReply> ListAsync(HttpContext context)
    {
        var query = new ListQuery(context.Request, "reviews");
        var filter = new ReviewFilter
        {
            State = query.Enum<ReviewState>("state"),
            SessionId = query.Text("session_id"),
            Assignee = query.Text("assignee"),
        };
        var page = query.Page();
        return query.Problem is { } problem
            ? problem
            : Listing.Reply(
                query, await store.ListReviewsAsync(CallerFeature.SightOf(context), filter, page, context.RequestAborted),
                ReviewDto.Of, ApiJson.Default.ListOfReviewDto);
    }

    private async Task<ApiReply> ShowAsync(HttpContext context)
    {
        var (id, problem) = RouteText.Read(context, "review_id");
        if (problem is not null)
        {
            return problem;
        }

        return await store.FindReviewAsync(CallerFeature.SightOf(context), id, context.RequestAborted) is { } item
            ? await DetailAsync(context, item)
            : Problem.NotFound();
    }

    private async Task<ApiReply> ClaimAsync(HttpContext context)
    {
        var (id, body, problem) = await ReadAsync(context, JsonBody.SmallBytes, optional: true);
        if (problem is not null)
        {
            return problem;
        }

        if (!ReviewBody.TryFlag(body, "takeover", out var takeover))
        {
            return Problem.BadParameter("takeover", "The value must be true or false.");
        }

        if (!ReviewBody.TryNote(body, out var note))
        {
            return ReviewBody.BadNote;
        }

        if (takeover && string.IsNullOrWhiteSpace(note))
        {
            return Problem.BadParameter("note", "Taking over needs a note that says why.");
        }

        return await ReplyAsync(
            context, id, await store.ClaimReviewAsync(Deed(context), id, ClaimFor, takeover, note, context.RequestAborted));
    }

    private async Task<ApiReply> ReleaseAsync(HttpContext context)
    {
        var (id, body, problem) = await ReadAsync(context, JsonBody.SmallBytes, optional: true);
        if (problem is not null)
        {
            return problem;
        }

        return ReviewBody.TryNote(body, out var note)
            ? await ReplyAsync(context, id, await store.ReleaseReviewAsync(Deed(context), id, note, context.RequestAborted))
            : ReviewBody.BadNote;
    }

    private async Task<ApiReply> AnswerAsync(HttpContext context)
    {
        var (id, body, problem) = await ReadAsync(context, MaxBodyBytes, optional: false);
        if (problem is not null)
        {
            return problem;
        }

        if (await store.FindReviewAsync(Deed(context).Sight, id, context.RequestAborted) is not { } item)
        {
            return Problem.NotAllowed(await IsSeenAsync(context, id));
        }

        var check = AnswerRules.Check(item.Blocker.Kind, body);
        return check.Answer is null
            ? new Problem(422, ProblemCodes.AnswerDoesNotFit, check.Problem!)
            : await ReplyAsync(context, id, await store.AnswerReviewAsync(Deed(context), id, check.Answer, context.RequestAborted));
    }

    private static async Task<(string Id, JsonElement Body, Problem? Problem)> ReadAsync(HttpContext context, int maxBytes, bool optional)
    {
        var (id, idProblem) = RouteText.Read(context, "review_id");
        if (idProblem is not null)
        {
            return (id, default, idProblem);
        }

        var (body, problem) = await JsonBody.ReadAsync(context.Request, maxBytes, optional);
        return (id, body, problem);
    }

    private static Deed Deed(HttpContext context) => CallerFeature.DeedOf(context, CallerRole.Reviewer);

    private async Task<bool> IsSeenAsync(HttpContext context, string id) =>
        await store.FindReviewAsync(CallerFeature.SightOf(context), id, context.RequestAborted) is not null;

    private async Task<ApiReply> ReplyAsync(HttpContext context, string id, ReviewResult result) => result switch
    {
        { Refusal: null, Item: { } item } => await DetailAsync(context, item),
        { Refusal: ReviewRefusal.Unknown } => Problem.NotAllowed(await IsSeenAsync(context, id)),
        _ => ReviewBody.Refusal(result),
    };

    private async Task<ApiReply> DetailAsync(HttpContext context, ReviewItem item) => ApiReply.Ok(
        ReviewDetailDto.Of(item, await store.ListStepsAsync(CallerFeature.SightOf(context), null, item.ReviewId, context.RequestAborted)),
        ApiJson.Default.ReviewDetailDto);
}
