using ClaudeDrive.Server.Tests.Running;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace ClaudeDrive.Server.Tests.Hardening;

public sealed class ServerLimitsTests
{
    /// <summary>The figures of <c>docs/operations.md</c> that no test can wait for.</summary>
    [Fact]
    public async Task Apply_SlowSenders_AreGivenTheTimesOfTheDocument()
    {
        await using var server = await ServerUnderTest.StartAsync(new() { ["ClaudeDrive:MaxConnections"] = "100" }, onPort: true);
        var limits = server.App.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        Assert.Equal(TimeSpan.FromSeconds(15), limits.RequestHeadersTimeout);
        Assert.Equal(TimeSpan.FromSeconds(130), limits.KeepAliveTimeout);
        Assert.Equal((240, TimeSpan.FromSeconds(5)), (limits.MinRequestBodyDataRate!.BytesPerSecond, limits.MinRequestBodyDataRate.GracePeriod));
        Assert.Equal((240, TimeSpan.FromSeconds(5)), (limits.MinResponseDataRate!.BytesPerSecond, limits.MinResponseDataRate.GracePeriod));
        Assert.Equal(200, limits.MaxConcurrentConnections);
        Assert.Equal(32, limits.Http2.MaxStreamsPerConnection);
    }
}
