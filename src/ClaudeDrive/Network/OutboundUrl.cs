using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace ClaudeDrive.Network;

/// <summary>
/// An address that somebody entered, read once and strictly: what is not clear to every reader is refused, so that nobody after us can understand another
/// host by it. Says nothing yet about where the host leads. Pure.
/// </summary>
internal sealed class OutboundUrl
{
    /// <summary>Longest address, in characters. Chosen: as much as common servers accept.</summary>
    public const int MaxChars = 2048;

    private OutboundUrl(Uri uri, IPAddress? address) => (Uri, Address) = (uri, address);

    /// <summary>The address.</summary>
    public Uri Uri { get; }

    /// <summary>The host, when it is an address and no name.</summary>
    public IPAddress? Address { get; }

    /// <summary>The host's name as it is resolved, in ASCII; an address without brackets.</summary>
    public string Host => Uri.IdnHost;

    /// <summary>Reads an address that was entered. False gives the reason.</summary>
    public static bool TryRead(
        string? text, OutboundAllowance allowance, [NotNullWhen(true)] out OutboundUrl? url, [NotNullWhen(false)] out OutboundRefusal? refusal)
    {
        url = null;
        refusal = OutboundRefusal.Malformed;

        // White space and backslashes are dropped or turned by some readers and kept by others.
        if (text is not { Length: > 0 and <= MaxChars }
            || text.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '\\')
            || !Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || !text.StartsWith(uri.Scheme + ":", StringComparison.OrdinalIgnoreCase)) // a path of this machine is a file to some readers
        {
            return false;
        }

        return TryRead(uri, allowance, out url, out refusal);
    }

    /// <summary>Judges an address that was read already, as before each request.</summary>
    public static bool TryRead(
        Uri uri, OutboundAllowance allowance, [NotNullWhen(true)] out OutboundUrl? url, [NotNullWhen(false)] out OutboundRefusal? refusal)
    {
        url = null;
        refusal = OutboundRefusal.Malformed;
        if (!uri.IsAbsoluteUri)
        {
            return false;
        }

        if (uri.Scheme is not ("http" or "https"))
        {
            refusal = OutboundRefusal.Scheme;
            return false;
        }

        if (uri.UserInfo.Length > 0 || uri.IdnHost.Length == 0 || !TryReadHost(uri, out var address))
        {
            return false;
        }

        var isNamed = address is null ? allowance.AllowsHost(uri.IdnHost) : allowance.AllowsAddress(address);
        refusal = isNamed ? null : uri.Scheme != "https" ? OutboundRefusal.Scheme : uri.Port is not (80 or 443 or >= 1024) ? OutboundRefusal.Port : null;
        url = refusal is null ? new OutboundUrl(uri, address) : null;
        return url is not null;
    }

    /// <summary>
    /// True when the last part of a name is a number, decimal or hexadecimal: resolvers read such names as addresses, each in its own way
    /// (<c>127.1</c>, <c>0x7f.1</c>, <c>1.2.3.4.5</c>).
    /// </summary>
    public static bool EndsInNumber(string name)
    {
        var trimmed = name.EndsWith('.') ? name[..^1] : name;
        var last = trimmed[(trimmed.LastIndexOf('.') + 1)..];
        return last.Length > 0
            && (last.All(char.IsAsciiDigit) || (last.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && last[2..].All(char.IsAsciiHexDigit)));
    }

    private static bool TryReadHost(Uri uri, out IPAddress? address)
    {
        address = null;
        switch (uri.HostNameType)
        {
            case UriHostNameType.IPv4:
                return IPAddress.TryParse(uri.Host, out address);
            case UriHostNameType.IPv6:
                return IPAddress.TryParse(uri.Host, out address) && address.ScopeId == 0 && !uri.DnsSafeHost.Contains('%', StringComparison.Ordinal);
            case UriHostNameType.Dns:
                return uri.IdnHost.Length <= 253 && uri.IdnHost.All(char.IsAscii) && !EndsInNumber(uri.IdnHost);
            default:
                return false;
        }
    }
}
