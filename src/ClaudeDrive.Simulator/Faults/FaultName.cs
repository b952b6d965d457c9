namespace ClaudeDrive.Simulator.Faults;

/// <summary>Names of the faults, as the contract spells them.</summary>
internal static class FaultName
{
    public const string Duplicate = "duplicate";
    public const string Reorder = "reorder";
    public const string Drop = "drop";
    public const string Delay = "delay";
    public const string StaleTimestamp = "stale_timestamp";
    public const string WrongSecret = "wrong_secret";
    public const string TwoSignatures = "two_signatures";
    public const string UnknownType = "unknown_type";
    public const string StatusLag = "status_lag";
    public const string Api429 = "api_429";
    public const string Api500 = "api_500";
    public const string Api529 = "api_529";
    public const string ApiTimeout = "api_timeout";
    public const string DropResponseAfterCommit = "drop_response_after_commit";

    /// <summary>Every name, in the order of the contract.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Duplicate, Reorder, Drop, Delay, StaleTimestamp, WrongSecret, TwoSignatures, UnknownType,
        StatusLag, Api429, Api500, Api529, ApiTimeout, DropResponseAfterCommit,
    ];
}
