using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Api;
using ClaudeDrive.AspNetCore.Http;
using ClaudeDrive.AspNetCore.Stream;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ClaudeDrive.AspNetCore;

/// <summary>Maps the JSON API.</summary>
public static class ClaudeDriveApiEndpointRouteBuilderExtensions
{
    /// <summary>Where the API lives.</summary>
    internal const string Prefix = "/api/v1";

    /// <summary>
    /// Maps the JSON API under <c>/api/v1</c>. Every route asks for <c>Authorization: Bearer KEY</c>; no cookies are read, so no other site can make
    /// a browser call it, and changes that a browser says come from another site are refused. Every error is a problem document (RFC 9457) with a stable <c>code</c>.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <returns>Adds conventions to every route.</returns>
    /// <exception cref="InvalidOperationException"><c>AddClaudeDriveApi</c> was not called, no store was chosen, or a route lacks an access rule.</exception>
    public static IEndpointConventionBuilder MapClaudeDriveApi(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        var group = endpoints.MapGroup(string.Empty);
        var routes = new ApiRoutes(group, Prefix);
        Make<EventRoutes>(services).Map(routes);
        Make<SessionRoutes>(services).Map(routes);
        Make<RevisionRoutes>(services).Map(routes);
        Make<ResourceRoutes>(services).Map(routes);
        Make<ReviewRoutes>(services).Map(routes);
        Make<DeadLetterRoutes>(services).Map(routes);
        Make<DeliveryRoutes>(services).Map(routes);
        Make<NodeRoutes>(services).Map(routes);
        Make<StatsRoutes>(services).Map(routes);
        Make<TeamRoutes>(services).Map(routes);
        Make<GrantRoutes>(services).Map(routes);
        Make<KeyRoutes>(services).Map(routes);
        Make<AuditRoutes>(services).Map(routes);
        Make<AccessRoutes>(services).Map(routes);
        Make<BreakGlassRoutes>(services).Map(routes);
        Make<StreamRoutes>(services).Map(routes);
        routes.MapRest();
        AccessRule.Verify(group);
        return group;
    }

    private static T Make<T>(IServiceProvider services) => ActivatorUtilities.CreateInstance<T>(services);
}
