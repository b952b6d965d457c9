using ClaudeDrive.Access;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Access;

/// <summary>The caller of a request, as the gate before every route proved it.</summary>
internal static class CallerFeature
{
    /// <summary>The caller of a request behind an access rule. Throws when the route has none: a mistake of ours.</summary>
    public static Caller Of(HttpContext context) =>
        context.Features.Get<Caller>() ?? throw new InvalidOperationException("The route did not ask who calls.");
}
