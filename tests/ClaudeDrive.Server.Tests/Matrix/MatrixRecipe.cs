using ClaudeDrive.Access;

namespace ClaudeDrive.Server.Tests.Matrix;

/// <summary>How one route is called, and what it must answer. Written by hand, apart from the routes' own rules.</summary>
/// <param name="Route">Method and path as the document has them.</param>
/// <param name="Needs">The least role; null: no key is asked for.</param>
/// <param name="Call">The request for a scope; makes what a change would use up.</param>
internal sealed record MatrixRecipe(string Route, CallerRole? Needs, Func<MatrixWorld, MatrixScope, Task<MatrixCall>> Call)
{
    /// <summary>True when the role must reach over everything.</summary>
    public bool OverEverything { get; init; }

    /// <summary>The status for who may.</summary>
    public int Done { get; init; } = 200;

    /// <summary>The status for who may not see the thing: 404, or 200 for lists, which are empty then.</summary>
    public int Hidden { get; init; } = 404;

    /// <summary>Scopes that make a difference.</summary>
    public IReadOnlyList<MatrixScope> Scopes { get; init; } = Enum.GetValues<MatrixScope>();

    /// <summary>True for routes that never end: the beginning of the answer is read.</summary>
    public bool IsStream { get; init; }

    /// <summary>The status that this caller must get.</summary>
    public int Expected(MatrixCaller caller, MatrixScope scope)
    {
        if (Needs is not { } needed)
        {
            return Done;
        }

        if (caller.Key is null)
        {
            return 401;
        }

        if (OverEverything ? !caller.IsRoot : needed > CallerRole.Viewer && !(caller.Role >= needed))
        {
            return 403;
        }

        return caller.Sees(scope) ? Done : Hidden;
    }
}

/// <summary>One request.</summary>
/// <param name="Path">Path and query.</param>
/// <param name="Body">JSON; null: none.</param>
internal sealed record MatrixCall(string Path, string? Body = null);
