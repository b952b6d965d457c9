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

    /// <summary>The name for the audit log: with the key's id when there is one, since names of keys may be used again.</summary>
    public string Identity => KeyId is null ? Name : $"{Name} ({KeyId})";

    /// <summary>How it was proven; one of the constants here, or that of a later kind.</summary>
    public required string Proof { get; init; }

    /// <summary>The key it came with; null for the first administrator and for people.</summary>
    public string? KeyId { get; init; }

    /// <summary>Ids of the teams that the grants come from.</summary>
    public IReadOnlyList<string> Teams { get; init; } = [];

    /// <summary>What the caller may do, and where.</summary>
    public required IReadOnlyList<Grant> Grants { get; init; }

    /// <summary>When the proof ends, UTC; null: never. What the caller makes must not last longer.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What the caller looks at beyond the grants, for a while: seen, and no more than seen.</summary>
    public IReadOnlyList<Opening> Openings { get; init; } = [];

    /// <summary>What the grants alone show.</summary>
    public Sight GrantedSight => Openings.Count == 0 ? SightOf(CallerRole.Viewer) : Sight.Of(Grants.Select(static grant => grant.Scope));

    /// <summary>The highest role anywhere; null when nothing is granted.</summary>
    public CallerRole? HighestRole => Grants.Count == 0 ? null : Grants.Max(static grant => grant.Role);

    /// <summary>What the caller may see with at least this role: <see cref="CallerRole.Viewer"/> is all that may be seen at all.</summary>
    public Sight SightOf(CallerRole atLeast) =>
        _sights[(int)atLeast] ??= Sight.Of(
            Grants.Where(grant => grant.Role >= atLeast).Select(static grant => grant.Scope)
                .Concat(atLeast == CallerRole.Viewer ? Openings.Select(static opening => opening.Scope) : []));

    /// <summary>
    /// True when the caller may give this to others: one own grant allows all of it. Grants that only together reach as far do not count, so that the
    /// answer does not depend on what exists.
    /// </summary>
    public bool MayGive(Grant grant) => Grants.Any(own => own.Covers(grant));

    /// <summary>True when the caller is admin of all that the scope covers.</summary>
    public bool Administers(Scope scope) => MayGive(new Grant(CallerRole.Admin, scope));

    /// <summary>
    /// True when the caller may see and change a team: admin of everything, or of all that the team reaches. A team that reaches nothing yet may become
    /// anybody's, so only the former.
    /// </summary>
    public bool Administers(Team team) =>
        Administers(Scope.Everything) || (team.Grants.Count > 0 && team.Grants.All(granted => Administers(granted.Grant.Scope)));
}
