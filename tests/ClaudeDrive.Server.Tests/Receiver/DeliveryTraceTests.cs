using System.Collections.Concurrent;
using System.Diagnostics;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Server.Tests.Running;
using Xunit;

namespace ClaudeDrive.Server.Tests.Receiver;

/// <summary>What the span of a delivery tells, and what no span may tell.</summary>
public sealed class DeliveryTraceTests
{
    [Fact]
    public async Task Deliver_Listened_OneSpanOfTheEventsTraceWithoutSecrets()
    {
        ConcurrentQueue<Activity> ended = new();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == ClaudeDriveTracing.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = await ServerUnderTest.StartAsync();
        var sent = Vectors.Signed("whe_traced", Vectors.Event("whe_traced", resource: "sesn_traced"));

        (await server.SendAsync(sent.Request())).Dispose();
        (await server.SendAsync((sent with { Signature = "v1,AAAA" + sent.Signature[7..] }).Request())).Dispose();

        var trace = ClaudeDriveTracing.OfEvent("default", "whe_traced");
        var span = Assert.Single(ended, one => one.TraceId == trace.TraceId);
        Assert.Equal(("claudedrive.delivery", trace.SpanId), (span.OperationName, span.ParentSpanId));
        Assert.Equal(
            (object?[])["default", "whe_traced", "session.status_idled", "session/sesn_traced", "accepted"],
            span.TagObjects.Select(static tag => tag.Value));
        var told = string.Join('\n', ended.SelectMany(static one => one.TagObjects.Select(static tag => $"{tag.Key}={tag.Value}").Append(one.DisplayName)));
        Assert.DoesNotContain(sent.Signature[3..], told, StringComparison.Ordinal);
        Assert.DoesNotContain(Vectors.SecretA[6..], told, StringComparison.Ordinal);
        Assert.DoesNotContain(ServerUnderTest.AdminKey, told, StringComparison.Ordinal);
    }
}
