using ClaudeDrive.Access;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.Server.Tests.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Receiver;

public sealed class RejectionRecorderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Note_Flood_FullUpToTheBurstThenOneCount()
    {
        await using var server = await ServerUnderTest.StartAsync();
        for (var i = 0; i < 80; i++)
        {
            server.Rejections.Note(Refused($"203.0.113.{i % 4}"));
        }

        Assert.True(await server.Rejections.FlushAsync(withCounts: true, Token));

        var page = await server.Store.ListDeliveriesAsync(Sight.Everything, new DeliveryFilter(), new PageRequest(200), Token);
        Assert.Equal(51, page.Total);
        Assert.Equal(30, page.Items.Single(d => d.Count > 1).Count);
    }

    [Fact]
    public async Task Note_StoreDown_KeptAsCountUntilItIsBack()
    {
        var isDown = true;
        await using var server = await ServerUnderTest.StartAsync(wrap: s => FaultyStore.Wrap(s, new()
        {
            ["RecordDeliveriesAsync"] = a => FaultyStore.Of(isDown
                ? Task.FromException(new DriveStoreException("down"))
                : s.RecordDeliveriesAsync((IReadOnlyList<DeliveryRecord>)a[0]!, Token).AsTask()),
        }));
        server.Rejections.Note(Refused());
        server.Rejections.Note(Refused());

        Assert.False(await server.Rejections.FlushAsync(withCounts: false, Token));
        isDown = false;
        Assert.True(await server.Rejections.FlushAsync(withCounts: true, Token));

        var page = await server.Store.ListDeliveriesAsync(Sight.Everything, new DeliveryFilter(), new PageRequest(200), Token);
        Assert.Equal(2, Assert.Single(page.Items).Count);
    }

    [Fact]
    public async Task Receive_Refused_IsListedWithItsCode()
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.SendAsync((Vectors.V1 with { Id = "whe_other" }).Request())).Dispose();
        await server.Rejections.FlushAsync(withCounts: false, Token);

        var list = await server.GetAsync("/api/v1/deliveries?outcome=rejected");

        var row = Assert.Single(list.GetProperty("data").EnumerateArray());
        Assert.Equal("signature_mismatch", row.GetProperty("code").GetString());
        Assert.Equal(228, row.GetProperty("body_bytes").GetInt32());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, row.GetProperty("event_id").ValueKind);
    }

    private static DeliveryRecord Refused(string remoteIp = "203.0.113.9") => new()
    {
        Endpoint = "default",
        ReceivedAt = Vectors.Now,
        Outcome = DeliveryOutcome.Rejected,
        Code = "signature_mismatch",
        Facts = new DeliveryFacts(remoteIp, 10, null, TimeSpan.Zero),
    };
}
