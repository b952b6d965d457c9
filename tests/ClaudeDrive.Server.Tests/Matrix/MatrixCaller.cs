using ClaudeDrive.Access;

namespace ClaudeDrive.Server.Tests.Matrix;

/// <summary>Somebody who calls every route.</summary>
/// <param name="Name">Name for the report.</param>
/// <param name="Key">The key sent; null: none.</param>
/// <param name="Role">The role over the own workspace; null: nothing is granted.</param>
/// <param name="IsRoot">True for who has the role over everything.</param>
internal sealed record MatrixCaller(string Name, string? Key, CallerRole? Role, bool IsRoot = false)
{
    /// <summary>True when what is named there may be seen.</summary>
    public bool Sees(MatrixScope scope) => scope switch
    {
        MatrixScope.Own => Role is not null,
        MatrixScope.Foreign => IsRoot,
        _ => false,
    };
}
