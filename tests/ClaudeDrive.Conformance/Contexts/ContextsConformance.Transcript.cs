using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Ingest;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <content>The transcript of a session.</content>
public abstract partial class ContextsConformance
{
    [Fact]
    public async Task Transcript_Order_IsProcessedAtThenArrivalNullsLast()
    {
        await ShowAsync(
            Given.SessionEvent("queued_1", null),
            Given.SessionEvent("tie_b", Given.Start.AddSeconds(5)),
            Given.SessionEvent("tie_a", Given.Start.AddSeconds(5)),
            Given.SessionEvent("queued_0", null));
        await ShowAsync(Given.SessionEvent("early", Given.Start), Given.SessionEvent("tie_0", Given.Start.AddSeconds(5)));
        await ShowAsync(Given.SessionEvent("micro", Given.Start.AddSeconds(5) - Tick));

        Assert.Equal(["early", "micro", "tie_b", "tie_a", "tie_0", "queued_1", "queued_0"], await TranscriptAsync());
    }

    [Fact]
    public async Task Transcript_KnownEvent_IsReplacedButKeepsItsFirstRevisionAndPlace()
    {
        await ShowAsync(Given.SessionEvent("sevt_1", null, "{}"), Given.SessionEvent("sevt_2", null), Given.SessionEvent("sevt_3", Given.Start));
        await ShowAsync(Given.SessionEvent("sevt_1", null, """{"v":2}"""), Given.SessionEvent("sevt_4", Given.Start));

        Assert.Equal(["sevt_3", "sevt_4", "sevt_1", "sevt_2"], await TranscriptAsync());
        var rows = (await Store.ListTranscriptAsync(Sight.Everything, "sesn_1", new(50), Token)).Items;
        Assert.Equal([1, 2, 1, 1], rows.Select(row => row.FirstRevision));
        Assert.Equal("""{"v":2}"""u8.ToArray(), rows[2].Json.ToArray());

        await ShowAsync(Given.SessionEvent("sevt_1", Given.Start) with { Type = "user.message" });
        Assert.Equal(["sevt_1", "sevt_3", "sevt_4", "sevt_2"], await TranscriptAsync());
        var processed = (await Store.ListTranscriptAsync(Sight.Everything, "sesn_1", new(1), Token)).Items[0];
        Assert.Equal(("user.message", Given.Start, 1), (processed.Type, processed.ProcessedAt!.Value, processed.FirstRevision));
    }

    [Fact]
    public async Task Transcript_SameEventIdInOtherSession_IsAnotherRow()
    {
        await ShowAsync(Given.SessionEvent("sevt_1", Given.Start));
        await LookAsync(ResourceKey.Session("sesn_2"), before => Given.Change("sesn_2", before) with
        {
            SessionEvents = [Given.SessionEvent("sevt_1", null)],
        });

        Assert.Equal(Given.Start, Assert.Single((await Store.ListTranscriptAsync(Sight.Everything, "sesn_1", new(5), Token)).Items).ProcessedAt);
        Assert.Null(Assert.Single((await Store.ListTranscriptAsync(Sight.Everything, "sesn_2", new(5), Token)).Items).ProcessedAt);
    }

    [Fact]
    public async Task Transcript_Paged_CountsUpwards()
    {
        await ShowAsync([.. Enumerable.Range(0, 7).Select(i => Given.SessionEvent($"sevt_{i}", Given.Start.AddSeconds(i)))]);

        var first = await Store.ListTranscriptAsync(Sight.Everything, "sesn_1", new(3), Token);
        var second = await Store.ListTranscriptAsync(Sight.Everything, "sesn_1", new(3, first.Next), Token);
        var third = await Store.ListTranscriptAsync(Sight.Everything, "sesn_1", new(3, second.Next), Token);

        Assert.Equal((3L, 6L, null), (first.Next, second.Next, third.Next));
        Assert.All([first, second, third], page => Assert.Equal(7, page.Total));
        Assert.Equal(
            Enumerable.Range(0, 7).Select(i => $"sevt_{i}"), first.Items.Concat(second.Items).Concat(third.Items).Select(row => row.EventId));
    }

    [Fact]
    public async Task RecentEventIds_SinceAnInstant_AndAllQueued()
    {
        await ShowAsync(
            Given.SessionEvent("old", Given.Start - Tick), Given.SessionEvent("at", Given.Start), Given.SessionEvent("queued", null));

        var recent = await Store.RecentEventIdsAsync("sesn_1", Given.Start, Token);

        Assert.Equal(2, recent.Count);
        Assert.Equal(Given.Start, recent["at"]);
        Assert.Null(recent["queued"]);
    }

    private Task<ContextHead> ShowAsync(params SessionEventRecord[] events) =>
        LookAsync(Session1, before => Given.Change(Session1, before) with { SessionEvents = events });

    private async Task<IEnumerable<string>> TranscriptAsync() =>
        (await Store.ListTranscriptAsync(Sight.Everything, "sesn_1", new(50), Token)).Items.Select(row => row.EventId);
}
