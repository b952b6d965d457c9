using ClaudeDrive.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ClaudeDrive.AspNetCore.Access;

/// <summary>
/// Says on an endpoint who may call it: everybody when <see cref="Role"/> is null, else callers of that role or above. Every endpoint must
/// have one; <see cref="Verify"/> refuses to start otherwise, so that a forgotten rule is found before anybody uses the gap.
/// </summary>
internal sealed record AccessRule(CallerRole? Role)
{
    /// <summary>No key is needed: the receiver (signed), health and metrics.</summary>
    public static AccessRule Everybody { get; } = new((CallerRole?)null);

    /// <summary>Throws <see cref="InvalidOperationException"/> naming each mapped endpoint that has no rule.</summary>
    public static void Verify(IEndpointRouteBuilder endpoints)
    {
        var bare = endpoints.DataSources.SelectMany(s => s.Endpoints)
            .Where(e => e.Metadata.GetMetadata<AccessRule>() is null)
            .Select(e => (e as RouteEndpoint)?.RoutePattern.RawText ?? e.DisplayName)
            .ToList();
        if (bare.Count > 0)
        {
            throw new InvalidOperationException($"No access rule is declared for: {string.Join(", ", bare)}.");
        }
    }
}

/// <summary>Declares rules on endpoints that others map.</summary>
internal static class AccessRuleExtensions
{
    public static TBuilder WithAccess<TBuilder>(this TBuilder builder, AccessRule rule)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(rule));
        return builder;
    }
}
