using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Access;

/// <summary>Finds out who calls, and whether a rule lets them.</summary>
internal sealed class CallerProof(IEnumerable<ICallerSource> sources, BreakGlass glass)
{
    private const string Scheme = "Bearer ";

    private static readonly Problem NoKey =
        new(401, ProblemCodes.Unauthenticated, "Send a valid API key: Authorization: Bearer KEY.");

    /// <summary>Null when the request may go on (its <see cref="Caller"/> is set then), else the problem to answer.</summary>
    public async ValueTask<Problem?> CheckAsync(HttpContext context, AccessRule rule)
    {
        if (rule.Role is null)
        {
            return null;
        }

        if (await FindAsync(context) is not { } caller)
        {
            return NoKey;
        }

        context.Features.Set(caller);
        if (!rule.Allows(caller))
        {
            return Problem.Forbidden;
        }

        // Recorded before anything is read: what cannot be recorded is not shown.
        foreach (var opening in caller.Openings)
        {
            await glass.NoteAsync(
                CallerFeature.DeedOf(context, CallerRole.Viewer), opening, context.Request.Method, context.Request.Path, context.RequestAborted);
        }

        return null;
    }

    /// <summary>
    /// The request's caller as of now; null when the key proves nobody any more. For requests that last: cheap enough to be asked twice a second.
    /// </summary>
    public async ValueTask<Caller?> FindAsync(HttpContext context)
    {
        var values = context.Request.Headers.Authorization;
        if (values.Count != 1 || values[0] is not { } header || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var key = header[Scheme.Length..].Trim();
        foreach (var source in sources)
        {
            if (await source.FindAsync(key, context.RequestAborted) is { } caller)
            {
                return caller;
            }
        }

        return null;
    }
}
