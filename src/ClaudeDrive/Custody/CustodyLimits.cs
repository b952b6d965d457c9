namespace ClaudeDrive.Custody;

/// <summary>Bounds, so that asking what is held stays cheap. Chosen: far above what a company needs.</summary>
internal static class CustodyLimits
{
    /// <summary>Holds that stand at once.</summary>
    public const int Holds = 1000;

    /// <summary>Characters of a reason.</summary>
    public const int Reason = 1000;

    /// <summary>Characters of a target's id.</summary>
    public const int Target = 200;
}
