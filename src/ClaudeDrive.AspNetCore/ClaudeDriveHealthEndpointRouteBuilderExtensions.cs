using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Api;
using ClaudeDrive.AspNetCore.Health;
using ClaudeDrive.AspNetCore.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ClaudeDrive.AspNetCore;

/// <summary>Maps the health checks.</summary>
public static class ClaudeDriveHealthEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps <c>GET /healthz/live</c> (200 while the process answers) and <c>GET /healthz/ready</c> (200 when every check passes, else 503; JSON with
    /// one entry per check). Both are open to everybody and tell no secrets.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <returns>Adds conventions to both routes.</returns>
    public static IEndpointConventionBuilder MapClaudeDriveHealth(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var readiness = endpoints.ServiceProvider.GetRequiredService<Readiness>();
        var group = endpoints.MapGroup("/healthz");
        group.MapMethods("/live", [HttpMethods.Get, HttpMethods.Head], c => WriteAsync(c, new ReadinessDto("ok", [])));
        group.MapMethods("/ready", [HttpMethods.Get, HttpMethods.Head], async c => await WriteAsync(c, await readiness.CheckAsync(c.RequestAborted)));
        return group.WithAccess(AccessRule.Everybody);
    }

    private static Task WriteAsync(HttpContext context, ReadinessDto readiness)
    {
        SecurityHeaders.Set(context.Response);
        context.Response.StatusCode = readiness.Status == "ok" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsJsonAsync(readiness, ApiJson.Default.ReadinessDto, "application/json", context.RequestAborted);
    }
}
