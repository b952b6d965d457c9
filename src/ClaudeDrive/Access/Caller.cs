namespace ClaudeDrive.Access;

/// <summary>
/// Who calls, once proven, whatever proved it: a key now, a sign-in later. Routes and stores ask only for <see cref="SightOf"/> and
/// <see cref="MayGive"/>, so that a new kind of proof changes neither.
/// </summary>
internal sealed class Caller
{
    /// <summary>Proven by the first administrator's key.</summary>
    public const string AdminKeyProof = "admin_key";

    /// <summary>Proven by an API key that was made here.</summary>
    public const string ApiKeyProof = "api_key";

    private readonly Sight?[] _sights = new Sight?[Enum.GetValues<CallerRole>().Length];

    /// <summary>The first administrator.</summary>
    public static Caller Administrator { get; } = new()
    {
        Name = "admin",
        Proof = AdminKeyProof,
        Grants = [new Grant(CallerRole.Admin, Scope.Everything)],
    };

    /// <summary>Name for records of who did what: unique among the keys and people that can act.</summary>
    public required string Name { get; init; }

    /// <summary>How it was proven; one of the constants here, or that of a later kind.</summary>
    public required string Proof { get; init; }

    /// <summary>The key it came with; null for the first administrator and for people.</summary>
    public string? KeyId { get; init; }

    /// <summary>Ids of the teams that the grants come from.</summary>
    public IReadOnlyList<string> Teams { get; init; } = [];

    /// <summary>What the caller may do, and where.</summary>
    public required IReadOnlyList<Grant> Grants { get; init; }

    /// <summary>The highest role anywhere; null when nothing is granted.</summary>
    public CallerRole? HighestRole => Grants.Count == 0 ? null : Grants.Max(static grant => grant.Role);

    /// <summary>What the caller may see with at least this role: <see cref="CallerRole.Viewer"/> is all that may be seen at all.</summary>
    public Sight SightOf(CallerRole atLeast) =>
        _sights[(int)atLeast] ??= Sight.Of(Grants.Where(grant => grant.Role >= atLeast).Select(static grant => grant.Scope));

    /// <summary>
    /// True when the caller may give this to others: one own grant allows all of it. Grants that only together reach as far do not count, so that the
    /// answer does not depend on what exists.
    /// </summary>
    public bool MayGive(Grant grant) => Grants.Any(own => own.Covers(grant));
}
