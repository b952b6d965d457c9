using ClaudeDrive.Access;
using ClaudeDrive.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClaudeDrive.AspNetCore.Access;

/// <summary>The caller of a request, as the gate before every route proved it.</summary>
internal static class CallerFeature
{
    /// <summary>The caller of a request behind an access rule. Throws when the route has none: a mistake of ours.</summary>
    public static Caller Of(HttpContext context) =>
        context.Features.Get<Caller>() ?? throw new InvalidOperationException("The route did not ask who calls.");

    /// <summary>All that the caller may see.</summary>
    public static Sight SightOf(HttpContext context) => Of(context).SightOf(CallerRole.Viewer);

    /// <summary>The caller's act, over what the caller has this role for.</summary>
    public static Deed DeedOf(HttpContext context, CallerRole role, string? reason = null)
    {
        var caller = Of(context);
        return new Deed
        {
            Actor = caller.Name,
            Identity = caller.Identity,
            Sight = caller.SightOf(role),
            Node = context.RequestServices.GetRequiredService<NodeIdentity>().NodeId,
            RemoteIp = context.Connection.RemoteIpAddress?.ToString(),
            Reason = reason,
        };
    }
}
