using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ClaudeDrive.Network;

/// <summary>
/// Whom a request counts for when strangers are kept in bounds: an IPv4 address, or the /64 of an IPv6 address, since whoever has one address of a
/// /64 has all of them (RFC 6177, RFC 7934). Pure.
/// </summary>
/// <param name="Value">The address, as one number; 0 when it is unknown. Equal numbers are the same group.</param>
internal readonly record struct SourceGroup(ulong Value)
{
    /// <summary>Requests whose sender is not known, as over a Unix socket: all of them are one group.</summary>
    public static SourceGroup Unknown { get; }

    /// <summary>The group of an address. An IPv4 address written as IPv6 is the IPv4 address.</summary>
    public static SourceGroup Of(IPAddress? address)
    {
        if (address is null)
        {
            return Unknown;
        }

        Span<byte> bytes = stackalloc byte[16];
        var plain = Plain(address);
        _ = plain.TryWriteBytes(bytes, out _);

        // No IPv6 prefix in use begins with 0000:ffff.
        return new SourceGroup(plain.AddressFamily == AddressFamily.InterNetwork
            ? 0x0000_FFFF_0000_0000UL | BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }

    /// <summary>The group of an address in text; <see cref="Unknown"/> when it is none.</summary>
    public static SourceGroup Of(string? address) => IPAddress.TryParse(address, out var read) ? Of(read) : Unknown;

    /// <summary>The address without the IPv6 clothes that a socket for both families puts on an IPv4 address.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
