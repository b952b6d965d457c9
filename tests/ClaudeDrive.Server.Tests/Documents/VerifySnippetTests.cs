using System.Globalization;
using ClaudeDrive.Ingest;
using Xunit;

namespace ClaudeDrive.Server.Tests.Documents;

/// <summary>The snippet of the README about verifying alone: compiled, run, and compared with the text by <see cref="DocumentTests"/>.</summary>
public sealed class VerifySnippetTests
{
    #region verify
    // body: the raw bytes as they arrived. header: a request header by its name, null when absent. secret: whsec_…, several separated by spaces.
    private static bool IsFromClaude(byte[] body, Func<string, string?> header, string secret)
    {
        var proof = WebhookSignature.Verify(body, header, secret);
        return proof.IsValid; // else proof.Outcome names the check that failed
    }
    #endregion

    [Fact]
    public void Verify_Snippet_AcceptsASignedBodyAndNoOther()
    {
        const string Secret = "whsec_BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=";
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var body = "{}"u8.ToArray();
        var now = TimeProvider.System.GetUtcNow();
        using (var signer = WebhookSecret.Parse(Secret))
        {
            headers["webhook-id"] = "whe_01";
            headers["webhook-timestamp"] = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            headers["webhook-signature"] = WebhookSignature.Sign(body, "whe_01", now, signer);
        }

        Assert.True(IsFromClaude(body, headers.GetValueOrDefault, Secret));
        Assert.False(IsFromClaude([.. body, (byte)'\n'], headers.GetValueOrDefault, Secret));
    }
}
