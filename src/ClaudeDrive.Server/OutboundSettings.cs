using ClaudeDrive.Network;

namespace ClaudeDrive.Server;

/// <summary>Where this process may be sent by addresses that users enter, beyond the open internet: <c>ClaudeDrive:OutboundAllow</c>.</summary>
internal static class OutboundSettings
{
    /// <summary>The configuration key.</summary>
    public const string Key = "ClaudeDrive:OutboundAllow";

    /// <summary>Reads the setting; what cannot be read is left out, and <see cref="FindProblems"/> reports it.</summary>
    public static OutboundAllowance Read(IConfiguration configuration) => OutboundAllowance.Read(ListSetting.Read(configuration, Key)).Allowance;

    /// <summary>The problem of the setting, if it has one.</summary>
    public static IEnumerable<string> FindProblems(IConfiguration configuration) =>
        OutboundAllowance.Read(ListSetting.Read(configuration, Key)).Unreadable.Count == 0
            ? []
            : [$"{Key}: addresses, ranges and host names, such as 10.0.0.0/8, hooks.internal or *.internal."];
}
