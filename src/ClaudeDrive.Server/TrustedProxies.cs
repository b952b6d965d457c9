using ClaudeDrive.Network;
using Microsoft.AspNetCore.HttpOverrides;

namespace ClaudeDrive.Server;

/// <summary>
/// Whose word about a request's sender is taken (<c>ClaudeDrive:TrustedProxies</c>): addresses and ranges. From them, and from nobody else,
/// X-Forwarded-For names the sender (the rightmost address that is no trusted proxy) and X-Forwarded-Proto the scheme. Without the setting both headers are
/// ignored, whatever the environment says. X-Forwarded-Host is never read.
/// </summary>
internal static class TrustedProxies
{
    /// <summary>The configuration key.</summary>
    public const string Key = "ClaudeDrive:TrustedProxies";

    /// <summary>Every problem of the setting, beginning with its key.</summary>
    public static IEnumerable<string> FindProblems(IConfiguration configuration) =>
        ListSetting.Read(configuration, Key).Any(static text => !AddressRanges.TryRead(text, out _))
            ? [$"{Key}: addresses and ranges, such as 10.0.0.5, 10.0.0.0/8 or fd00::/8."]
            : [];

    /// <summary>Sets what the framework does with the headers.</summary>
    public static void Configure(ForwardedHeadersOptions options, IConfiguration configuration)
    {
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        options.ForwardedHeaders = ForwardedHeaders.None;
        options.ForwardLimit = null; // Bounded by the size of the headers; a limit would stop at a trusted proxy and call it the sender.
        foreach (var text in ListSetting.Read(configuration, Key))
        {
            if (AddressRanges.TryRead(text, out var network))
            {
                options.KnownIPNetworks.Add(network);
                options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            }
        }
    }
}
