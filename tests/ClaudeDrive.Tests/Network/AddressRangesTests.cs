using System.Net;
using ClaudeDrive.Network;
using CsCheck;
using Xunit;

namespace ClaudeDrive.Tests.Network;

public sealed class AddressRangesTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.255.0.1", true)]
    [InlineData("10.9.9.9/8", "10.255.0.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.0.0.1", true)]
    [InlineData("10.0.0.0/8", "fd00::1", false)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("0.0.0.0/0", "203.0.113.1", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("fd00::/8", "fdff::1", true)]
    [InlineData("::1", "::1", true)]
    [InlineData("::/0", "127.0.0.1", false)]
    public void Contains_AddressOfEitherFamily_AsWritten(string range, string address, bool isIn)
    {
        Assert.True(AddressRanges.TryRead(range, out var network));
        Assert.Equal(isIn, AddressRanges.Of(network).Contains(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("10.1")]
    [InlineData("010.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f.0.0.1.1")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("::/129")]
    [InlineData("example.com")]
    public void TryRead_NoRange_False(string text) => Assert.False(AddressRanges.TryRead(text, out _));

    [Fact]
    public void Contains_RandomRangeAndAddress_AsTheBitsSay() =>
        Gen.Select(Gen.UInt, Gen.Int[0, 32], Gen.UInt).Sample(static (network, prefix, other) =>
        {
            var mask = prefix == 0 ? 0u : uint.MaxValue << (32 - prefix);
            Assert.True(AddressRanges.TryRead($"{Address(network)}/{prefix}", out var range));
            Assert.Equal((network & mask) == (other & mask), AddressRanges.Of(range).Contains(Address(other)));
            Assert.True(AddressRanges.Of(range).Contains(Address((network & mask) | (other & ~mask))));
        });

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9", true)]
    [InlineData("203.0.113.9", "::ffff:203.0.113.9", true)]
    [InlineData("203.0.113.9", "203.0.113.10", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void SourceGroup_TwoAddresses_OneOrTwo(string first, string second, bool isOne) =>
        Assert.Equal(isOne, SourceGroup.Of(first) == SourceGroup.Of(IPAddress.Parse(second)));

    [Fact]
    public void SourceGroup_NoAddress_Unknown()
    {
        Assert.Equal(SourceGroup.Unknown, SourceGroup.Of((IPAddress?)null));
        Assert.Equal(SourceGroup.Unknown, SourceGroup.Of("nobody"));
    }

    private static IPAddress Address(uint value) => new(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value));
}
