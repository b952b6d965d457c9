using System.Text.Json;
using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Custody;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Legal holds: list, set, lift. For administrators of everything: a hold tells of, and stops rules for, what any team owns.</summary>
internal sealed class HoldRoutes(ICustodyStore store)
{
    private const string Tag = "holds";

    public void Map(ApiRoutes routes)
    {
        routes.Get("holds", CallerRole.Admin, ListAsync, AccessReach.Everything)
            .Describe("listHolds", Tag, "Legal holds that stand, oldest first.").Returns<ListOf<HoldDto>>();
        routes.Post("holds", CallerRole.Admin, SetAsync, AccessReach.Everything)
            .Describe("setHold", Tag, "Holds a session, a workspace or everything: no rule deletes or drops what is held. Obeyed when this answers.")
            .Accepts<HoldBody>().Returns<HoldDto>().Refuses(400, 409, 413, 415);
        routes.Delete("holds/{hold_id}", CallerRole.Admin, LiftAsync, AccessReach.Everything)
            .Describe("liftHold", Tag, "Lifts a hold; what is old enough then goes with the next pass.")
            .Query("reason", "Why, 1 to 1000 characters. Required.").Returns<LiftedDto>().Refuses(400, 404);
    }

    // Never paged: holds are bounded when they are set.
    private async Task<ApiReply> ListAsync(HttpContext context)
    {
        var holds = await store.ListHoldsAsync(context.RequestAborted);
        return ApiReply.Ok(new ListOf<HoldDto>([.. holds.Select(HoldDto.Of)], null, holds.Count), ApiJson.Default.ListOfHoldDto);
    }

    private async Task<ApiReply> SetAsync(HttpContext context)
    {
        var (body, problem) = await JsonBody.ReadAsync(context.Request, JsonBody.SmallBytes, optional: false);
        if (problem is not null)
        {
            return problem;
        }

        if (!TryReason(Text(body, "reason"), out var reason))
        {
            return BadReason;
        }

        if (Target(body) is not { } target)
        {
            return Problem.BadParameter("session_id", "Give one of session_id and workspace_id (1 to 200 plain characters), or everything: true.");
        }

        var deed = CallerFeature.DeedOf(context, CallerRole.Admin, reason);
        var result = await store.SetHoldAsync(deed, KeyText.MakeId("hold"), target.Scope, target.Id, context.RequestAborted);
        return result.Value is { } hold
            ? ApiReply.Ok(HoldDto.Of(hold), ApiJson.Default.HoldDto)
            : new Problem(409, ProblemCodes.TooMany, $"There are {CustodyLimits.Holds} holds already. Lift one, or hold more at once.");
    }

    private async Task<ApiReply> LiftAsync(HttpContext context)
    {
        var (id, problem) = RouteText.Read(context, "hold_id");
        if (problem is not null)
        {
            return problem;
        }

        if (!TryReason(context.Request.Query["reason"] is [{ } text] ? text : null, out var reason))
        {
            return BadReason;
        }

        return await store.LiftHoldAsync(CallerFeature.DeedOf(context, CallerRole.Admin, reason), id, context.RequestAborted)
            ? ApiReply.Ok(new LiftedDto(id, "lifted"), ApiJson.Default.LiftedDto)
            : Problem.NotFound("No such hold stands.");
    }

    private static Problem BadReason { get; } =
        Problem.BadParameter("reason", $"A reason is needed: 1 to {CustodyLimits.Reason} characters without control characters.");

    private static bool TryReason(string? text, out string reason)
    {
        reason = text ?? "";
        return !string.IsNullOrWhiteSpace(text) && PlainText.IsPlain(text, CustodyLimits.Reason);
    }

    private static (HoldScope Scope, string? Id)? Target(JsonElement body)
    {
        var (session, workspace) = (Text(body, "session_id"), Text(body, "workspace_id"));
        var everything = body.TryGetProperty("everything", out var all) && all.ValueKind is JsonValueKind.True;
        return (session, workspace, everything) switch
        {
            ({ } id, null, false) when IsId(id) => (HoldScope.Session, id),
            (null, { } id, false) when IsId(id) => (HoldScope.Workspace, id),
            (null, null, true) => (HoldScope.Everything, null),
            _ => null,
        };
    }

    private static bool IsId(string id) => id.Length > 0 && PlainText.IsPlain(id, CustodyLimits.Target);

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
