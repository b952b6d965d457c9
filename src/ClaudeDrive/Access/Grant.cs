namespace ClaudeDrive.Access;

/// <summary>A role over whatever a scope covers.</summary>
/// <param name="Role">What may be done there.</param>
/// <param name="Scope">Where.</param>
internal sealed record Grant(CallerRole Role, Scope Scope)
{
    /// <summary>True when this one allows all that <paramref name="other"/> allows.</summary>
    public bool Covers(Grant other) => Role >= other.Role && Scope.Covers(other.Scope);

    /// <summary>The same place with at most <paramref name="role"/>.</summary>
    public Grant CapTo(CallerRole role) => Role <= role ? this : this with { Role = role };
}
