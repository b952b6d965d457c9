using ClaudeDrive.Diagnostics;
using ClaudeDrive.Server.Tests.Running;
using ClaudeDrive.Storage;
using Xunit;

namespace ClaudeDrive.Server.Tests.Receiver;

/// <summary>Nothing that was sent, and no secret, comes back or reaches the log.</summary>
public sealed class SecrecyTests
{
    private const string Marker = "MARKERBODY";

    [Fact]
    public async Task Refuse_AnyReason_TellsNothingOfTheRequest()
    {
        await using var server = await ServerUnderTest.StartAsync(wrap: s => FaultyStore.Wrap(s, new()
        {
            ["StoreAsync"] = _ => FaultyStore.Of(Task.FromException<bool>(new DriveStoreException("down"))),
        }));
        var good = Vectors.Signed("whe_1", Vectors.Event("whe_1", resource: Marker));
        Vector[] cases =
        [
            good,
            good with { Signature = "v1,AAAA" + good.Signature[7..] },
            good with { Signature = "MARKERSIGNATURE" },
            good with { Timestamp = 1 },
            Vectors.Signed("whe_2", Vectors.Event("whe_1", resource: Marker)),
            Vectors.Signed("whe_1", "not json " + Marker),
        ];
        foreach (var one in cases)
        {
            using var response = await server.SendAsync(one.Request());
            Assert.False(response.IsSuccessStatusCode);
            AssertSecret(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken) + response.Headers, one);
            AssertSecret(server.Log.Text, one);
        }
    }

    private static void AssertSecret(string text, Vector sent)
    {
        Assert.DoesNotContain(Marker, text, StringComparison.Ordinal);
        Assert.DoesNotContain(sent.Signature.Split(',')[^1], text, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Vectors.SecretA[6..], text, StringComparison.Ordinal);
        Assert.DoesNotContain(ServerUnderTest.AdminKey, text, StringComparison.Ordinal);
    }
}
