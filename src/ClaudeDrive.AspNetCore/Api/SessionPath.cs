using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.Contexts;
using ClaudeDrive.Ingest;
using ClaudeDrive.Storage;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Api;

/// <summary>Finds the session that a path names.</summary>
internal static class SessionPath
{
    public const string Parameter = "session_id";

    public static async Task<(ContextHead? Head, Problem? Problem)> FindAsync(HttpContext context, IContextStore store)
    {
        var (id, problem) = RouteText.Read(context, Parameter);
        if (problem is not null)
        {
            return (null, problem);
        }

        var head = await store.FindHeadAsync(CallerFeature.SightOf(context), ResourceKey.Session(id), context.RequestAborted);
        return head is null ? (null, Problem.NotFound()) : (head, null);
    }
}
