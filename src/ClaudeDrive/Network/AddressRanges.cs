using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ClaudeDrive.Network;

/// <summary>Ranges of addresses as people write them: <c>10.0.0.0/8</c>, <c>fd00::/8</c>, <c>192.0.2.7</c>. Pure; a value that never changes.</summary>
internal sealed class AddressRanges
{
    private readonly IPNetwork[] _networks;

    private AddressRanges(IPNetwork[] networks) => _networks = networks;

    /// <summary>None.</summary>
    public static AddressRanges None { get; } = new([]);

    /// <summary>The ranges, each from its first address on.</summary>
    public IReadOnlyList<IPNetwork> Networks => _networks;

    /// <summary>Makes the ranges of <paramref name="networks"/>.</summary>
    public static AddressRanges Of(params IEnumerable<IPNetwork> networks) => new([.. networks]);

    /// <summary>
    /// Reads one range. Bits behind the prefix are taken as zero, as most tools do; an address alone is a range of one. False for anything else, an IPv6
    /// address with a zone among it.
    /// </summary>
    public static bool TryRead(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!TryReadAddress(slash < 0 ? text : text[..slash], out var address))
        {
            return false;
        }

        var bits = address.GetAddressBytes().Length * 8;
        var prefix = bits;
        if (slash >= 0
            && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out prefix)
                || prefix > bits))
        {
            return false;
        }

        network = new IPNetwork(Masked(address, prefix), prefix);
        return true;
    }

    /// <summary>True when the address lies in one of the ranges. An IPv4 address written as IPv6 is the IPv4 address.</summary>
    public bool Contains(IPAddress address)
    {
        var plain = SourceGroup.Plain(address);
        foreach (var network in _networks)
        {
            if (network.BaseAddress.AddressFamily == plain.AddressFamily && network.Contains(plain))
            {
                return true;
            }
        }

        return false;
    }

    // IPv4 in its one usual form: 10.1 and 010.0.0.1 are an address to some readers and another one to others.
    private static bool TryReadAddress(string text, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address)
        && (address.AddressFamily == AddressFamily.InterNetwork ? address.ToString() == text : text.AsSpan().IndexOfAny("%[") < 0);

    private static IPAddress Masked(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var kept = Math.Clamp(prefix - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - kept));
        }

        return new IPAddress(bytes);
    }
}
