using System.Text;
using System.Text.Json;
using ClaudeDrive.Cli.Verify;
using Xunit;

namespace ClaudeDrive.Server.Tests.Cli;

/// <summary><c>verify</c>: what is read, and how each check is explained. The vectors are public test values.</summary>
public sealed class VerifyTests : IDisposable
{
    private const string Secret = "whsec_BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=";

    private const string Signature = "v1,XPRSIDClViwvvr9B5x5xXmHDQj4QfCI+8yKPkRHE/9I=";

    private const string Id = "whe_01TESTVECTOR0000000000001";

    private const string Body =
        """{"type":"event","id":"whe_01TESTVECTOR0000000000001","created_at":"2025-11-24T15:59:58Z","data":{"type":"session.status_idled","id":"sesn_01TESTSESSION000000000001","organization_id":"org_01TEST","workspace_id":"wrkspc_01TEST"}}""";

    private readonly string _directory = Directory.CreateTempSubdirectory("claudedrive-verify-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("webhook-id: {0}\nWebhook-Timestamp: 1764000000\nwebhook-signature: {1}", "1764000300", "headers timestamp freshness secrets signature body ids", "")]
    [InlineData("POST /webhooks/claude HTTP/1.1\r\nX-Webhook-Id: {0}\r\nX-Webhook-Timestamp: 1764000000\r\nX-Webhook-Signature: {1}\r\n", "2025-11-24T15:55:00Z", "headers timestamp freshness secrets signature body ids", "")]
    [InlineData("X-Webhook-Signature: {1}", "1764000000", "headers timestamp freshness secrets signature body ids", "")]
    [InlineData("webhook-id: {0}\nwebhook-timestamp: 1764000000\nwebhook-signature: {1}", "1764000301", "headers", "freshness")]
    [InlineData("webhook-id: {0}\nwebhook-timestamp: 1764000000\nwebhook-signature: {1}", "1763999699", "headers", "freshness")]
    [InlineData("webhook-id: {0}\nwebhook-signature: {1}", "1764000000", "secrets", "headers")]
    [InlineData("webhook-id: {0}\nwebhook-timestamp: 1764000000.5\nwebhook-signature: {1}", "1764000000", "headers", "timestamp")]
    [InlineData("webhook-id: {0}\nwebhook-timestamp: 1764000000\nwebhook-signature: v1a,AAAA", "1764000000", "headers", "signature")]
    [InlineData("webhook-id: {0}\nwebhook-timestamp: 1764000000\nwebhook-signature: XPRSIDClViwvvr9B5x5xXmHDQj4QfCI+8yKPkRHE/9I=", "1764000000", "headers", "signature")]
    [InlineData("webhook-id: other\nwebhook-timestamp: 1764000000\nwebhook-signature: {1}", "1764000000", "body", "ids")]
    [InlineData("webhook-id: {0}\nwebhook-id: {0}\nwebhook-timestamp: 1764000000\nwebhook-signature: {1}", "1764000000", "body", "headers")]
    public async Task Verify_Headers_EachCheckIsSaid(string headers, string now, string passed, string failed)
    {
        var result = await RunAsync(Body, Secret, string.Format(System.Globalization.CultureInfo.InvariantCulture, headers, Id, Signature), "--now", now);

        Assert.All(passed.Split(' '), check => Assert.Contains($"pass  {check}", result.Output, StringComparison.Ordinal));
        Assert.True(failed.Length == 0 || result.Output.Contains($"FAIL  {failed}", StringComparison.Ordinal), result.Output);
        AssertDiscreet(result);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("{", "not JSON")]
    [InlineData("\uFEFF{}", "byte order mark")]
    public async Task Verify_BodyUnreadable_IsSaid(string body, string expected)
    {
        var result = await RunAsync(body, Secret, $"webhook-id: {Id}\nwebhook-timestamp: 1764000000\nwebhook-signature: {Signature}", "--now", "1764000000");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("FAIL  body", result.Output, StringComparison.Ordinal);
        Assert.Contains(expected, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_SeveralSecrets_BadOnesAreNamedByTheirPlace()
    {
        var result = await RunAsync(
            Body,
            $"# new and old\n{Secret[6..]}\r\n\n  whsec_tooShort=  \n",
            $"webhook-id: {Id}\nwebhook-timestamp: 1764000000\nwebhook-signature: {Signature}",
            "--now",
            "1764000000");

        Assert.Contains("secret 2 of 2 is not whsec_", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("tooShort", result.Everything, StringComparison.Ordinal);
        AssertDiscreet(result);
    }

    [Fact]
    public async Task Verify_OptionsAndJson_OptionsWinOverTheFile()
    {
        var result = await RunAsync(
            Body, Secret, "webhook-id: wrong\nwebhook-timestamp: 1", "--id", Id, "--timestamp", "1764000000", "--signature", Signature, "--now", "1764000000", "--json");

        using var document = JsonDocument.Parse(result.Output);
        var checks = document.RootElement.GetProperty("checks").EnumerateArray()
            .ToDictionary(check => check.GetProperty("check").GetString()!, check => check.GetProperty("passed"), StringComparer.Ordinal);
        Assert.Equal(["headers", "timestamp", "freshness", "secrets", "signature", "match", "body", "ids"], checks.Keys);
        Assert.All(checks.Where(check => check.Key != "match"), check => Assert.True(check.Value.GetBoolean(), check.Key));
        AssertDiscreet(result);
    }

    [Fact]
    public async Task Verify_HeadersFileMalformed_IsWrongUsageNamingTheLineOnly()
    {
        var result = await RunAsync(Body, Secret, "webhook-id: x\nwhsec_secretpastedhere");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("line 2", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secretpastedhere", result.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_BodyOverOneMebibyte_IsWrongUsage()
    {
        var result = await RunAsync(new string(' ', VerifyInputs.LargestBody + 1), Secret, "webhook-id: x");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("larger than 1024 KiB", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Conclude_FirstFailure_GivesTheCode()
    {
        var reading = SignatureReading.Of(new SignatureInput
        {
            Headers = [new("webhook-id", Id), new("webhook-timestamp", "1764000000"), new("webhook-signature", Signature)],
            Body = Encoding.UTF8.GetBytes(Body),
            Secrets = [Secret],
            Now = DateTimeOffset.FromUnixTimeSeconds(1764000000),
        });

        Assert.True(reading.CanMatch);
        Assert.Null(reading.Conclude(new SignatureCheck(SignatureReading.MatchName, true, "secret 1 matches"), null).Code);
        Assert.Equal("signature_mismatch", reading.Conclude(new SignatureCheck(SignatureReading.MatchName, false, "none", "signature_mismatch"), null).Code);
    }

    private static void AssertDiscreet(CliResult result)
    {
        Assert.DoesNotContain(Secret[6..], result.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain(Signature[3..], result.Everything, StringComparison.Ordinal);
    }

    private async Task<CliResult> RunAsync(string body, string secrets, string headers, params string[] more)
    {
        var secretFile = Path.Combine(_directory, "secret");
        var headersFile = Path.Combine(_directory, "headers");
        await File.WriteAllTextAsync(secretFile, secrets, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(headersFile, headers, TestContext.Current.CancellationToken);
        return await new CliProbe { Input = Encoding.UTF8.GetBytes(body) }.RunAsync(
            ["verify", "--secret-file", secretFile, "--headers", headersFile, .. more]);
    }
}
