using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Finds the team that a path names, for a caller who administers it: to others it does not exist.</summary>
internal static class TeamPath
{
    public const string Parameter = "team_id";

    public static async Task<(Team? Team, Problem? Problem)> FindAsync(HttpContext context, IAccessStore store)
    {
        var (id, problem) = RouteText.Read(context, Parameter);
        if (problem is not null)
        {
            return (null, problem);
        }

        var team = await store.FindTeamAsync(id, context.RequestAborted);
        return team is not null && CallerFeature.Of(context).Administers(team) ? (team, null) : (null, Problem.NotFound());
    }

    /// <summary>The caller's act, with the reason of the query or body.</summary>
    public static (Deed Deed, Problem? Problem) Deed(HttpContext context, string? reason)
    {
        var query = new ListQuery(context.Request, "deed");
        var said = reason ?? query.Text("reason");
        return (CallerFeature.DeedOf(context, CallerRole.Admin, said), query.Problem);
    }

    /// <summary>Words a refusal of the store.</summary>
    public static Problem Refusal(AccessRefusal refusal, string what) => refusal switch
    {
        AccessRefusal.Unknown => Problem.NotFound(),
        AccessRefusal.NameTaken => new Problem(409, ProblemCodes.NameTaken, $"Another {what} has this name.", "name"),
        AccessRefusal.TooMany => new Problem(409, ProblemCodes.TooMany, "There are as many as can be kept. Remove one first."),
        _ => throw new System.Diagnostics.UnreachableException($"Unknown refusal {refusal}."),
    };
}
