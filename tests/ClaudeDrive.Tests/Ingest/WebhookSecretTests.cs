using System.Security.Cryptography;
using System.Text.Json;
using ClaudeDrive.Ingest;
using Xunit;

namespace ClaudeDrive.Tests.Ingest;

public sealed class WebhookSecretTests
{
    [Fact]
    public void Parse_WithAndWithoutPrefix_IsTheSameSecret()
    {
        var vector = SigningVectors.V1;

        Assert.True(vector.Verify(secrets: [vector.Secret[WebhookSecret.Prefix.Length..]]).IsValid);
        Assert.Equal(WebhookSecret.Parse(vector.Secret).Id, WebhookSecret.Parse($" {vector.Secret[6..]}\n").Id);
    }

    [Fact]
    public void Id_IsTheFirstEightHexDigitsOfTheKeysSha256()
    {
        var key = Convert.FromBase64String(SigningVectors.SecretA[6..]);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(key))[..8], WebhookSecret.Parse(SigningVectors.SecretA).Id);
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(25, true)]
    [InlineData(32, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(66, false)]
    [InlineData(200, false)]
    [InlineData(0, false)]
    public void TryParse_KeyLength_IsWithin24And64Bytes(int length, bool expected)
    {
        var key = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();

        Assert.Equal(expected, WebhookSecret.TryParse("whsec_" + Convert.ToBase64String(key), out var secret));
        Assert.Equal(expected, secret is not null);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("whsec_BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY")] // no padding
    [InlineData("whsec_BwgJCgsMDQ4PEBESExQVFhcYGRob HB0eHyAhIiMkJSY=")]
    [InlineData("WHSEC_BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=")]
    [InlineData("whsec_whsec_BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=")]
    [InlineData("whsec_BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJS-_")] // the alphabet of URLs
    [InlineData("whpk_BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=")]
    public void TryParse_NotASecret_IsFalse(string? text)
    {
        Assert.False(WebhookSecret.TryParse(text, out var secret));
        Assert.Null(secret);
    }

    [Fact]
    public void Parse_NotASecret_MessageHoldsNoneOfIt()
    {
        const string Almost = "whsec_Secret5ecretSecret5ecret";

        var error = Assert.Throws<FormatException>(() => WebhookSecret.Parse(Almost));
        var many = Assert.Throws<FormatException>(() => WebhookSecret.ParseMany($"{SigningVectors.SecretA} {Almost}"));

        Assert.DoesNotContain("5ecret", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("5ecret", many.Message, StringComparison.Ordinal);
        Assert.StartsWith("Secret 2 of 2:", many.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => WebhookSecret.Parse(null!));
    }

    [Fact]
    public void ParseMany_SeparatedByWhiteSpace_KeepsTheirOrder()
    {
        var secrets = WebhookSecret.ParseMany($"  {SigningVectors.SecretA}\n{SigningVectors.SecretB} ");

        Assert.Equal(
            [WebhookSecret.Parse(SigningVectors.SecretA).Id, WebhookSecret.Parse(SigningVectors.SecretB).Id], secrets.Select(s => s.Id));
        Assert.Throws<FormatException>(() => WebhookSecret.ParseMany(" \n"));
    }

    [Fact]
    public void ToString_AndJson_NeverShowTheValue()
    {
        var secret = WebhookSecret.Parse(SigningVectors.SecretA);

        Assert.Equal($"secret {secret.Id}", secret.ToString());
        Assert.Equal($$"""{"Id":"{{secret.Id}}"}""", JsonSerializer.Serialize(secret));
    }

    [Fact]
    public void Dispose_Twice_ThenVerifyingThrows()
    {
        var vector = SigningVectors.V1;
        var secret = WebhookSecret.Parse(vector.Secret);
        _ = WebhookSignature.Sign([], "a", vector.Time, secret);

        secret.Dispose();
        secret.Dispose();

        Assert.Throws<ObjectDisposedException>(
            () => WebhookSignature.Verify(vector.Body, vector.Id, vector.Timestamp, vector.Signature, [secret], vector.Time));
        Assert.Throws<ObjectDisposedException>(() => WebhookSignature.SignBodyOnly([], secret));
    }

    [Fact]
    public void Verify_OneSecretOnManyThreads_IsAlwaysRight()
    {
        var good = SigningVectors.V1;
        var bad = good with { Body = [.. good.Body, (byte)' '] };
        WebhookSecret[] secrets = [WebhookSecret.Parse(good.Secret)];
        var wrong = 0;

        Parallel.For(0, 4000, i =>
        {
            var (vector, expected) = i % 2 == 0 ? (good, true) : (bad, false);
            var result = WebhookSignature.Verify(vector.Body, vector.Id, vector.Timestamp, vector.Signature, secrets, vector.Time);
            if (result.IsValid != expected)
            {
                Interlocked.Increment(ref wrong);
            }
        });

        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Verify_WarmedUp_AllocatesNothing()
    {
        var vector = SigningVectors.V3;
        WebhookSecret[] secrets = [WebhookSecret.Parse(SigningVectors.SecretC), WebhookSecret.Parse(SigningVectors.SecretB)];
        Verify(1000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var valid = Verify(100);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(100, valid);
        Assert.Equal(0, allocated);

        int Verify(int times)
        {
            var count = 0;
            for (var i = 0; i < times; i++)
            {
                var result = WebhookSignature.Verify(vector.Body, vector.Id, vector.Timestamp, vector.Signature, secrets, vector.Time);
                count += result.IsValid ? 1 : 0;
            }

            return count;
        }
    }
}
