namespace ClaudeDrive.Access;

/// <summary>
/// What somebody may see: everything, nothing, or what any of a few scopes covers. Every read of a store that can reach a person takes one and
/// filters by it inside its query; <see cref="Matches"/> is the same rule as a pure function, and what every store is tested against. There is
/// no default: whoever reads for the program itself says <see cref="Everything"/>.
/// </summary>
internal sealed class Sight
{
    private Sight(IReadOnlyList<Scope> scopes) => Scopes = scopes;

    /// <summary>Sees everything, also what belongs nowhere: unparsed events and refused deliveries.</summary>
    public static Sight Everything { get; } = new([Scope.Everything]);

    /// <summary>Sees nothing.</summary>
    public static Sight Nothing { get; } = new([]);

    /// <summary>The scopes, of which none covers another; one that names nothing for <see cref="Everything"/>, none for <see cref="Nothing"/>.</summary>
    public IReadOnlyList<Scope> Scopes { get; }

    /// <summary>True when nothing needs to be asked.</summary>
    public bool IsEverything => ReferenceEquals(this, Everything);

    /// <summary>True when nothing needs to be looked for.</summary>
    public bool IsNothing => Scopes.Count == 0;

    /// <summary>What these scopes cover together.</summary>
    public static Sight Of(IEnumerable<Scope> scopes)
    {
        var kept = new List<Scope>();
        foreach (var scope in scopes)
        {
            if (scope.IsEverything)
            {
                return Everything;
            }

            if (!kept.Exists(known => known.Covers(scope)))
            {
                kept.RemoveAll(scope.Covers);
                kept.Add(scope);
            }
        }

        return kept.Count == 0 ? Nothing : new Sight(kept);
    }

    /// <summary>True when what belongs there may be seen.</summary>
    public bool Matches(Placement placement) => Scopes.Any(scope => scope.Matches(placement));
}
