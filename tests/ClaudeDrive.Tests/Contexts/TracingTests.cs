using System.Collections.Concurrent;
using System.Diagnostics;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Tests.Fakes;
using Xunit;

namespace ClaudeDrive.Tests.Contexts;

/// <summary>Which spans belong together. Tests beside this one make spans too: only those of this one's ids count.</summary>
public sealed class TracingTests : IAsyncDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;
    private readonly EngineRig _rig = new();

    public TracingTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == ClaudeDriveTracing.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        _listener.Dispose();
    }

    [Fact]
    public async Task Look_TwoEvents_IsOfTheNewestOnesTraceAndLinkedToTheOther()
    {
        _rig.Claude.Session().Run();
        await _rig.ArriveAsync("wevt_trace_1");
        await _rig.ArriveAsync("wevt_trace_2");

        await _rig.SettleAsync();

        var trace = ClaudeDriveTracing.OfEvent("default", "wevt_trace_2");
        var spans = _ended.Where(span => span.TraceId == trace.TraceId).ToDictionary(static span => span.OperationName);
        var look = spans["claudedrive.look"];
        Assert.Equal(trace.SpanId, look.ParentSpanId);
        Assert.Equal(ClaudeDriveTracing.OfEvent("default", "wevt_trace_1"), Assert.Single(look.Links).Context);
        Assert.Equal((2, "session/sesn_1", "revised"), (look.GetTagItem("claudedrive.events"), look.GetTagItem("claudedrive.resource"), look.GetTagItem("claudedrive.outcome")));
        Assert.Equal(look.SpanId, spans["claudedrive.fetch"].ParentSpanId);
        Assert.Equal(look.SpanId, spans["claudedrive.apply"].ParentSpanId);
    }

    [Fact]
    public async Task Send_Answer_IsLinkedFromTheLookThatSawItWait()
    {
        await _rig.AnswerAsync(await _rig.PausedAsync("sevt_trace"));
        await _rig.SendOnceAsync();

        var trace = ClaudeDriveTracing.OfReview("sesn_1", "sevt_trace");
        var send = Assert.Single(_ended, span => span.TraceId == trace.TraceId);
        Assert.Equal(("claudedrive.send", trace.SpanId, "resumed"), (send.OperationName, send.ParentSpanId, send.GetTagItem("claudedrive.outcome")));
        Assert.Contains(_ended, span => span.OperationName == "claudedrive.apply" && span.Links.Any(link => link.Context == trace));
    }

    [Fact]
    public void Derive_SameNames_SameContextOtherwiseAnother()
    {
        var one = ClaudeDriveTracing.OfEvent("default", "wevt_1");

        Assert.Equal(one, ClaudeDriveTracing.OfEvent("default", "wevt_1"));
        Assert.NotEqual(one.TraceId, ClaudeDriveTracing.OfEvent("other", "wevt_1").TraceId);
        Assert.NotEqual(one.TraceId, ClaudeDriveTracing.OfReview("default", "wevt_1").TraceId);
        Assert.True(one.IsRemote);
    }
}
