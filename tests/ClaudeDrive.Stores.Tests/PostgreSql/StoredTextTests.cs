using ClaudeDrive.Conformance;
using ClaudeDrive.PostgreSql.Connections;
using CsCheck;
using Xunit;

namespace ClaudeDrive.Stores.Tests.PostgreSql;

public sealed class StoredTextTests
{
    [Fact]
    public void Write_AnyText_ComesBackAndHoldsNothingThatTheServerRefuses() => Gen.Char.Array[0, 12].Select(static chars => new string(chars)).Sample(static text =>
    {
        var stored = StoredText.Write(text);
        return StoredText.Read(stored) == text && !stored.Contains('\0') && new System.Text.UTF8Encoding(false, true).GetByteCount(stored) >= 0;
    });

    [Fact]
    public void Write_HardTexts_ComeBack() => Assert.All(
        (string[])["\0", "\uE000", "\uE0000", "\uD800", "\uDC00x", "a\uD800\uD800\uDC00", "\uE000e", "\uE000x1234", .. Given.StrangeIds],
        static text => Assert.Equal(text, StoredText.Read(StoredText.Write(text))));

    [Fact]
    public void Write_OrdinaryText_IsTheSameObject()
    {
        const string Text = "sesn_01 日本語 😀";
        Assert.Same(Text, StoredText.Write(Text));
    }
}
