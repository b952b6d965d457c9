using System.Buffers.Binary;
using System.Net;
using ClaudeDrive.Network;
using CsCheck;
using Xunit;

namespace ClaudeDrive.Tests.Network;

public sealed class PublicAddressesTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.100.100.200")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.170.2")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.0.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::8.8.8.8")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:0:8.8.8.8")]
    [InlineData("64:ff9b::127.0.0.1")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("64:ff9b:1::8.8.8.8")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2")]
    [InlineData("2001:2::1")]
    [InlineData("2001:10::1")]
    [InlineData("2001:20::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("2002:808:808::1")]
    [InlineData("2606:4700::5efe:10.0.0.1")]
    [InlineData("2606:4700::200:5efe:10.0.0.1")]
    [InlineData("3fff::1")]
    [InlineData("4000::1")]
    [InlineData("5f00::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Contains_SpecialAddress_False(string address) => Assert.False(PublicAddresses.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.0.1.0")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("2001:200::1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001:800::200e")]
    public void Contains_AddressOfTheOpenInternet_True(string address) => Assert.True(PublicAddresses.Contains(IPAddress.Parse(address)));

    /// <summary>The oracle: the registry's ranges as first and last address, in numbers, written down apart from the code.</summary>
    [Fact]
    public void Contains_AnyIPv4_AsTheRegistrySays()
    {
        (uint First, uint Last)[] special =
        [
            (0x00000000, 0x00FFFFFF), (0x0A000000, 0x0AFFFFFF), (0x64400000, 0x647FFFFF), (0x7F000000, 0x7FFFFFFF), (0xA83F8110, 0xA83F8110),
            (0xA9FE0000, 0xA9FEFFFF), (0xAC100000, 0xAC1FFFFF), (0xC0000000, 0xC00000FF), (0xC0000200, 0xC00002FF), (0xC01FC400, 0xC01FC4FF),
            (0xC034C100, 0xC034C1FF), (0xC0586300, 0xC05863FF), (0xC0A80000, 0xC0A8FFFF), (0xC0AF3000, 0xC0AF30FF), (0xC6120000, 0xC613FFFF),
            (0xC6336400, 0xC63364FF), (0xCB007100, 0xCB0071FF), (0xE0000000, 0xFFFFFFFF),
        ];
        var edges = Gen.OneOf(special.SelectMany(static r => new[] { r.First, r.Last, unchecked(r.First - 1), unchecked(r.Last + 1) }).ToArray());
        Gen.OneOf(Gen.UInt, edges).Sample(value =>
            Assert.Equal(!special.Any(r => value >= r.First && value <= r.Last), PublicAddresses.Contains(V4(value))), iter: 20_000);
    }

    /// <summary>Whatever IPv6 form carries an IPv4 address, it is never more allowed than the IPv4 address itself.</summary>
    [Fact]
    public void Contains_IPv4InAnyIPv6Form_NeverMoreThanItself() => Gen.UInt.Sample(static value =>
    {
        var isPublic = PublicAddresses.Contains(V4(value));
        Assert.Equal(isPublic, PublicAddresses.Contains(V6("::ffff:0:0", value, 12)));
        Assert.Equal(isPublic, PublicAddresses.Contains(V6("64:ff9b::", value, 12)));
        Assert.False(PublicAddresses.Contains(V6("::", value, 12)));
        Assert.False(PublicAddresses.Contains(V6("::ffff:0:0:0", value, 12)));
        Assert.False(PublicAddresses.Contains(V6("2002::", value, 2)));
        Assert.False(PublicAddresses.Contains(V6("2001::", value, 12)));
        Assert.False(PublicAddresses.Contains(V6("2606:4700::5efe:0:0", value, 12)));
    });

    [Fact]
    public void Contains_AnyIPv6_OnlyGlobalUnicastOrNat64() => Gen.Byte.Array[16].Sample(static bytes =>
    {
        var address = new IPAddress(bytes);
        Assert.True(!PublicAddresses.Contains(address) || (bytes[0] & 0xE0) == 0x20 || address.IsIPv4MappedToIPv6 || (bytes[0] == 0 && bytes[1] == 0x64));
    });

    private static IPAddress V4(uint value) => new(BinaryPrimitives.ReverseEndianness(value));

    private static IPAddress V6(string form, uint value, int at)
    {
        var bytes = IPAddress.Parse(form).GetAddressBytes();
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), value);
        return new IPAddress(bytes);
    }
}
