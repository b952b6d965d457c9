using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace ClaudeDrive.AspNetCore.Access;

/// <summary>Finds out who calls, and whether a rule lets them.</summary>
internal sealed class CallerProof(IEnumerable<ICallerSource> sources)
{
    private const string Scheme = "Bearer ";

    private static readonly Problem NoKey =
        new(401, ProblemCodes.Unauthenticated, "Send a valid API key: Authorization: Bearer KEY.");

    private static readonly Problem TooLittle = new(403, ProblemCodes.Forbidden, "The caller's role does not allow this.");

    /// <summary>Null when the request may go on (its <see cref="Caller"/> is set then), else the problem to answer.</summary>
    public async ValueTask<Problem?> CheckAsync(HttpContext context, AccessRule rule)
    {
        if (rule.Role is not { } needed)
        {
            return null;
        }

        if (await FindAsync(context) is not { } caller)
        {
            return NoKey;
        }

        context.Features.Set(caller);
        return Allows(caller, needed) ? null : TooLittle;
    }

    // To look is open to every caller: who was granted nothing sees nothing.
    private static bool Allows(Caller caller, CallerRole needed) => needed == CallerRole.Viewer || caller.HighestRole >= needed;

    private async ValueTask<Caller?> FindAsync(HttpContext context)
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
