using ClaudeDrive.Network;
using CsCheck;
using Xunit;

namespace ClaudeDrive.Tests.Network;

public sealed class OutboundUrlTests
{
    private static readonly OutboundAllowance Inside = OutboundAllowance.Read(["10.0.0.0/8", "hooks.internal", "*.svc.local"]).Allowance;

    [Theory]
    [InlineData("https://example.com/hook")]
    [InlineData("https://example.com:8443/hook?a=b#c")]
    [InlineData("https://bücher.example/")]
    [InlineData("https://8.8.8.8/")]
    [InlineData("https://[2606:4700:4700::1111]/")]
    [InlineData("http://hooks.internal/")]
    [InlineData("http://HOOKS.internal.:25/")]
    [InlineData("http://a.svc.local/")]
    [InlineData("http://10.1.2.3:81/")]
    public void TryRead_Usable_True(string text) => Assert.True(OutboundUrl.TryRead(text, Inside, out _, out _));

    [Theory]
    [InlineData("", "url_malformed")]
    [InlineData("example.com", "url_malformed")]
    [InlineData("//example.com", "url_malformed")]
    [InlineData("/hook", "url_malformed")]
    [InlineData("https://", "url_malformed")]
    [InlineData("https:///hook", "url_malformed")]
    [InlineData("https://user@example.com/", "url_malformed")]
    [InlineData("https://user:password@example.com/", "url_malformed")]
    [InlineData("https://example.com@10.0.0.1/", "url_malformed")]
    [InlineData("https://example.com\\@10.0.0.1/", "url_malformed")]
    [InlineData("https://exam ple.com/", "url_malformed")]
    [InlineData(" https://example.com/", "url_malformed")]
    [InlineData("https://example.com/\r\nHost: x", "url_malformed")]
    [InlineData("https://example.com/\0", "url_malformed")]
    [InlineData("https://1.2.3.4.5/", "url_malformed")]
    [InlineData("https://example.0x7f/", "url_malformed")]
    [InlineData("https://example.1/", "url_malformed")]
    [InlineData("https://[fe80::1%25eth0]/", "url_malformed")]
    [InlineData("file:///etc/passwd", "url_scheme_not_allowed")]
    [InlineData("ftp://example.com/", "url_scheme_not_allowed")]
    [InlineData("gopher://example.com/", "url_scheme_not_allowed")]
    [InlineData("unix:/run/docker.sock", "url_scheme_not_allowed")]
    [InlineData("http://example.com/", "url_scheme_not_allowed")]
    [InlineData("http://svc.local/", "url_scheme_not_allowed")]
    [InlineData("http://hooks.internal.example/", "url_scheme_not_allowed")]
    [InlineData("http://11.0.0.1/", "url_scheme_not_allowed")]
    [InlineData("https://example.com:22/", "url_port_not_allowed")]
    [InlineData("https://example.com:25/", "url_port_not_allowed")]
    [InlineData("https://example.com:0/", "url_port_not_allowed")]
    [InlineData("https://example.com:1023/", "url_port_not_allowed")]
    public void TryRead_NotUsable_SaysWhy(string text, string code)
    {
        Assert.False(OutboundUrl.TryRead(text, Inside, out _, out var refusal));
        Assert.Equal(code, refusal.Code);
    }

    [Fact]
    public void TryRead_TooLong_Malformed()
    {
        var text = "https://example.com/" + new string('a', OutboundUrl.MaxChars - 20);
        Assert.True(OutboundUrl.TryRead(text, Inside, out _, out _));
        Assert.False(OutboundUrl.TryRead(text + "a", Inside, out _, out _));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("*.*")]
    [InlineData("https://example.com")]
    [InlineData("10.0.0")]
    [InlineData("127.1")]
    [InlineData("a b")]
    public void Read_NeitherRangeNorHost_Unreadable(string entry) => Assert.Equal([entry], OutboundAllowance.Read([entry]).Unreadable);

    /// <summary>Whatever is entered: no exception, and what passes has an https address without a user, or is allowed by the setting.</summary>
    [Fact]
    public void TryRead_AnyText_NeverThrowsAndNeverLetsMoreThrough()
    {
        var part = Gen.OneOf(
            Gen.OneOf("http", "https", "://", ":", "//", "/", "@", "[", "]", ".", "%", "\\", "#", "?", "example.com", "10.0.0.1", "0x7f", "127.1", "::1", "443", "80", "22", "hooks.internal", "\u3002", "\uff0e", "①"),
            Gen.String[0, 3]);
        part.Array[0, 9].Select(static parts => string.Concat(parts)).Sample(static text =>
        {
            if (!OutboundUrl.TryRead(text, Inside, out var url, out var refusal))
            {
                Assert.NotNull(refusal);
                return;
            }

            Assert.Empty(url.Uri.UserInfo);
            Assert.All(url.Host, static c => Assert.True(char.IsAscii(c) && !char.IsControl(c)));
            var isNamed = url.Address is { } address ? Inside.AllowsAddress(address) : Inside.AllowsHost(url.Host);
            Assert.True(isNamed || (url.Uri.Scheme == "https" && url.Uri.Port is 80 or 443 or >= 1024));
        }, iter: 20_000);
    }
}
