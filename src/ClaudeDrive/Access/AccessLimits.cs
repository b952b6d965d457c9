namespace ClaudeDrive.Access;

/// <summary>Bounds of what administrators can make, so that teams stay small enough to be read whole. Chosen, not measured.</summary>
internal static class AccessLimits
{
    /// <summary>Teams at once.</summary>
    public const int Teams = 1000;

    /// <summary>Members of one team.</summary>
    public const int Members = 1000;

    /// <summary>Grants of one team: each may become a part of every query.</summary>
    public const int Grants = 64;

    /// <summary>Keys at once that are not revoked.</summary>
    public const int Keys = 10_000;

    /// <summary>Longest name, subject, id or metadata part, in characters.</summary>
    public const int NameChars = 256;
}
