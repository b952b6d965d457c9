using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Looking beyond one's grants: opened by an admin of anything, told to everybody it concerns, closed by time, by the opener or by them.</summary>
internal sealed class BreakGlassRoutes(BreakGlass glass)
{
    private const string Tag = "access";

    public void Map(ApiRoutes routes)
    {
        routes.Get("access/break-glass", CallerRole.Viewer, ListAsync)
            .Describe("listBreakGlass", Tag, "Who looked beyond their grants into what the caller sees, in the last 30 days, newest first.")
            .Paged().Returns<ListOf<BreakGlassDto>>().Refuses(400);
        routes.Post("access/break-glass", CallerRole.Admin, OpenAsync)
            .Describe("breakGlass", Tag, "Lets the caller see what the named places have in common (none named: everything), for up to 4 hours; every request is recorded.")
            .Accepts<BreakGlassBody>().Returns<BreakGlassDto>().Refuses(400, 413, 415);
        routes.Delete("access/break-glass/{break_glass_id}", CallerRole.Admin, CloseAsync)
            .Describe("closeBreakGlass", Tag, "Ends an opening before its time.").Query("reason", "Why, for the audit log.")
            .Returns<BreakGlassDto>().Refuses(400, 404);
    }

    private async Task<ApiReply> ListAsync(HttpContext context)
    {
        var query = new ListQuery(context.Request, "break-glass");
        var page = query.Page();
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var caller = CallerFeature.Of(context);
        var told = (await glass.ReadRecentAsync(context.RequestAborted)).Where(opening => IsTold(caller, opening)).ToList();
        return Listing.Reply(query, Listing.Cut(told, page), opening => BreakGlassDto.Of(opening, caller), ApiJson.Default.ListOfBreakGlassDto);
    }

    private async Task<ApiReply> OpenAsync(HttpContext context)
    {
        var (body, bad) = await JsonBody.ReadAsync(context.Request, JsonBody.SmallBytes, optional: false);
        if (bad is not null)
        {
            return bad;
        }

        var fields = new BodyFields(body);
        fields.Only("reason", "minutes", "organization_id", "workspace_id", "agent_id", "metadata");
        var reason = fields.Required("reason", TeamRoutes.MaxReasonChars);
        var minutes = fields.Number("minutes", 1, (int)BreakGlass.Longest.TotalMinutes) ?? 60;
        var scope = GrantBody.ReadScope(fields);
        if (fields.Problem is { } problem)
        {
            return problem;
        }

        var caller = CallerFeature.Of(context);
        var deed = CallerFeature.DeedOf(context, CallerRole.Admin, reason);
        var opening = await glass.OpenAsync(deed, caller.KeyId, scope, TimeSpan.FromMinutes(minutes), context.RequestAborted);
        return ApiReply.Ok(BreakGlassDto.Of(opening, caller), ApiJson.Default.BreakGlassDto);
    }

    private async Task<ApiReply> CloseAsync(HttpContext context)
    {
        var (id, problem) = RouteText.Read(context, "break_glass_id");
        var (deed, bad) = TeamPath.Deed(context, null);
        if ((problem ?? bad) is { } refused)
        {
            return refused;
        }

        var caller = CallerFeature.Of(context);
        var opening = (await glass.ReadRecentAsync(context.RequestAborted)).FirstOrDefault(opening => opening.Id == id);
        if (opening is null || !IsTold(caller, opening))
        {
            return Problem.NotFound();
        }

        if (!caller.Administers(opening.Scope) && opening.Actor != caller.Identity)
        {
            return Problem.Forbidden;
        }

        if (opening.ClosedAt is null)
        {
            await glass.CloseAsync(deed, opening, context.RequestAborted);
        }

        var closed = (await glass.ReadRecentAsync(context.RequestAborted)).FirstOrDefault(known => known.Id == id) ?? opening;
        return ApiReply.Ok(BreakGlassDto.Of(closed, caller), ApiJson.Default.BreakGlassDto);
    }

    // By what the caller was granted: an opening must not be told to whom only another opening lets look.
    private static bool IsTold(Caller caller, Opening opening) => opening.Actor == caller.Identity || opening.Concerns(caller.GrantedSight);
}
