using ClaudeDrive.Access;
using ClaudeDrive.Inbox;
using ClaudeDrive.Server.Tests.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Hardening;

/// <summary>A flood of bad signatures from one address, and valid deliveries from the same one among it.</summary>
public sealed class FloodTests
{
    private const int Bad = 3_000;
    private const int Good = 100;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Receive_FloodOfBadSignatures_EveryValidOneIsTakenAndTheStoreStaysSmall()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var bad = Vectors.V1 with { Id = "whe_other" };
        await Parallel.ForEachAsync(Enumerable.Range(0, Bad + Good), new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Token }, async (i, _) =>
        {
            if (i % 31 == 0 && i / 31 < Good)
            {
                var id = $"whe_{i}";
                await Answers.OkAsync(await server.SendAsync(Vectors.Signed(id, Vectors.Event(id)).Request()), "accepted", id);
            }
            else
            {
                await Answers.ProblemAsync(await server.SendAsync(bad.Request()), 400, "signature_mismatch");
            }
        });

        Assert.True(await server.Rejections.FlushAsync(withCounts: true, Token));
        var accepted = await server.Store.ListDeliveriesAsync(Sight.Everything, new DeliveryFilter { Outcome = DeliveryOutcome.Accepted }, new PageRequest(200), Token);
        var refused = await server.Store.ListDeliveriesAsync(Sight.Everything, new DeliveryFilter { Outcome = DeliveryOutcome.Rejected }, new PageRequest(200), Token);
        Assert.Equal(Good, accepted.Total);
        Assert.Equal(Bad, refused.Items.Sum(static row => row.Count));
        Assert.True(refused.Total <= RejectionLog.SenderBurst + 1, $"{refused.Total} rows for {Bad} refusals");
    }
}
