using ClaudeDrive.Server.Tests.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Api;

/// <summary>
/// What <c>/metrics</c> says. The exporter listens to every meter of its name in the process, so no other server may run beside these tests.
/// </summary>
[Collection(Alone)]
[CollectionDefinition(Alone, DisableParallelization = true)]
public sealed class MetricsTests
{
    private const string Alone = "alone in the process";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_AfterDeliveries_CountThem()
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.SendAsync(Vectors.V1.Request())).Dispose();
        (await server.SendAsync((Vectors.V1 with { Timestamp = 1 }).Request())).Dispose();

        var text = await server.Client.GetStringAsync("/metrics", Token);

        Assert.Matches("claudedrive_ingest_deliveries_total\\{[^}]*outcome=\"accepted\"[^}]*\\} 1", text);
        Assert.Matches("claudedrive_ingest_deliveries_total\\{[^}]*code=\"timestamp_too_old\"[^}]*\\} 1", text);
    }
}
