using ClaudeDrive.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ClaudeDrive.AspNetCore.Access;

/// <summary>
/// Says on an endpoint who may call it: everybody when <see cref="Role"/> is null, else callers who have that role or a higher one as far as
/// <see cref="Reach"/> says. Every endpoint must have one; <see cref="Verify"/> refuses to start otherwise, so that a forgotten rule is found before
/// anybody uses the gap. What a caller sees and may change behind that is asked of the store, resource by resource.
/// </summary>
internal sealed record AccessRule(CallerRole? Role, AccessReach Reach = AccessReach.Anywhere)
{
    /// <summary>No key is needed: the receiver (signed), health and metrics.</summary>
    public static AccessRule Everybody { get; } = new((CallerRole?)null);

    /// <summary>True when the caller may pass. To look is open to every caller: who was granted nothing sees nothing.</summary>
    public bool Allows(Caller caller) => Role is not { } needed || (Reach == AccessReach.Everything
        ? caller.SightOf(needed).IsEverything
        : needed == CallerRole.Viewer || caller.HighestRole >= needed);

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

/// <summary>How far a caller's role must reach.</summary>
internal enum AccessReach
{
    /// <summary>Over something: the route itself asks which of it is seen and may be changed.</summary>
    Anywhere,

    /// <summary>Over everything: the route tells of, or changes, what belongs to nobody.</summary>
    Everything,
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
