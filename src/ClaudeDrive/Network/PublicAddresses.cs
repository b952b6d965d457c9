using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ClaudeDrive.Network;

/// <summary>
/// Tells addresses of the open internet from all others: this machine, private networks, links, carriers, metadata services of clouds, documentation,
/// multicast, and every form of IPv6 that carries such an IPv4 address inside. IPv6 is judged by what is allowed, since new special ranges are made
/// outside of it. Pure. Sources: the IANA registries of special-purpose addresses for IPv4 and IPv6 (RFC 6890), RFC 6052 (NAT64), RFC 3056 (6to4),
/// RFC 4380 (Teredo), RFC 5214 (ISATAP).
/// </summary>
internal static class PublicAddresses
{
    private static readonly AddressRanges SpecialIPv4 = Ranges(
        "0.0.0.0/8", // this network
        "10.0.0.0/8", // private
        "100.64.0.0/10", // carriers; the metadata service of Alibaba Cloud
        "127.0.0.0/8", // this machine
        "168.63.129.16/32", // Azure's host, reached from inside only
        "169.254.0.0/16", // link; the metadata services of AWS, Azure, Google
        "172.16.0.0/12", // private
        "192.0.0.0/24", // protocol assignments; the metadata service of Oracle
        "192.0.2.0/24", // documentation
        "192.31.196.0/24", // AS112
        "192.52.193.0/24", // AMT
        "192.88.99.0/24", // 6to4 relays
        "192.168.0.0/16", // private
        "192.175.48.0/24", // AS112
        "198.18.0.0/15", // benchmarks
        "198.51.100.0/24", // documentation
        "203.0.113.0/24", // documentation
        "224.0.0.0/4", // multicast
        "240.0.0.0/4"); // reserved, broadcast

    private static readonly AddressRanges GlobalIPv6 = Ranges("2000::/3");

    private static readonly AddressRanges SpecialIPv6 = Ranges(
        "2001::/23", // protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32", // documentation
        "2002::/16", // 6to4: carries an IPv4 address, and nobody uses it in earnest any more
        "2620:4f:8000::/48", // AS112
        "3fff::/20"); // documentation

    private static readonly AddressRanges Nat64 = Ranges("64:ff9b::/96");

    /// <summary>True for an address that anybody on the internet can reach by it.</summary>
    public static bool Contains(IPAddress address)
    {
        var plain = SourceGroup.Plain(address);
        if (plain.AddressFamily == AddressFamily.InterNetwork)
        {
            return !SpecialIPv4.Contains(plain);
        }

        if (plain.AddressFamily != AddressFamily.InterNetworkV6 || plain.ScopeId != 0)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        _ = plain.TryWriteBytes(bytes, out _);
        if (Nat64.Contains(plain))
        {
            // Machines with IPv6 only reach the IPv4 internet by this; what is behind it is judged.
            return Contains(new IPAddress(bytes[12..]));
        }

        return GlobalIPv6.Contains(plain) && !SpecialIPv6.Contains(plain) && !IsIsatap(bytes);
    }

    // An interface id of ISATAP leads into a tunnel to the IPv4 address at its end.
    private static bool IsIsatap(ReadOnlySpan<byte> address) =>
        (BinaryPrimitives.ReadUInt32BigEndian(address[8..]) & 0xFDFF_FFFF) == 0x0000_5EFE;

    private static AddressRanges Ranges(params string[] texts) => AddressRanges.Of(texts.Select(static text =>
        AddressRanges.TryRead(text, out var network) ? network : throw new FormatException(text)));
}
