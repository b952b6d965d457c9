using System.Diagnostics.Metrics;
using System.Text;
using ClaudeDrive.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Redaction;
using ClaudeDrive.Review;
using ClaudeDrive.Tests.Fakes;
using Xunit;

namespace ClaudeDrive.Tests.Contexts;

/// <summary>What the rules take out is nowhere in the store, and changes nothing of what is concluded.</summary>
public sealed class RedactedLookTests : IAsyncDisposable
{
    private readonly EngineRig _plain = new();
    private readonly EngineRig _rig = new();
    private readonly Dictionary<string, long> _metric = [];
    private readonly MeterListener _listener = new();

    public RedactedLookTests()
    {
        List<string> problems = [];
        _rig.Context = _rig.Context with
        {
            Redactor = RedactionRules.Compile(
                [new RedactionRule { Name = "order", Path = "$.input.order" }, new RedactionRule { Name = "case", Pattern = "471[0-9]" }], problems),
        };
        Assert.Empty(problems);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "claudedrive.contexts.redactions")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            lock (_metric)
            {
                var rule = (string)tags[0].Value!;
                _metric[rule] = _metric.GetValueOrDefault(rule) + value;
            }
        });
        _listener.Start();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _plain.DisposeAsync();
        await _rig.DisposeAsync();
    }

    [Fact]
    public async Task Look_Redacted_ConcludesTheSameAndStoresNothingOfIt()
    {
        var plain = await _plain.PausedAsync();
        var item = await _rig.PausedAsync();

        Assert.Equal(("""{"order":"sevt_A"}""", """{"order":"[redacted:order]"}"""), (plain.Blocker.InputJson, item.Blocker.InputJson));
        Assert.Equal(plain.Blocker.InputHash, item.Blocker.InputHash);
        var (one, other) = ((await _plain.HeadAsync())!, (await _rig.HeadAsync())!);
        Assert.Equal((one.Status, one.Triage, one.AsOf, one.Revision), (other.Status, other.Triage, other.AsOf, other.Revision));
        Assert.Equal(("Refund 4711", "Refund [redacted:case]"), (one.Title, other.Title));
        foreach (var hidden in (string[])["4711", "\"order\":\"sevt_A\""])
        {
            Assert.DoesNotContain(hidden, await EverythingAsync(_rig), StringComparison.Ordinal);
            Assert.Contains(hidden, await EverythingAsync(_plain), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Look_Redacted_CountsInRevisionEntryAndMetric()
    {
        await _rig.PausedAsync();
        var revision = (await _rig.Store.ListRevisionsAsync(Sight.Everything, ResourceKey.Session("sesn_1"), new PageRequest(50), EngineRig.Token)).Items[0];
        Assert.Contains("\"claudedrive_redactions\":2", Encoding.UTF8.GetString(revision.Snapshot.Span), StringComparison.Ordinal);
        var entries = await _rig.Store.ListTranscriptAsync(Sight.Everything, "sesn_1", new PageRequest(50), EngineRig.Token);
        var tool = Assert.Single(entries.Items, static entry => entry.Type == "agent.custom_tool_use");
        Assert.Contains("\"claudedrive_redactions\":1", Encoding.UTF8.GetString(tool.Json.Span), StringComparison.Ordinal);
        Assert.Equal(1, _metric["order"]);
        Assert.True(_metric["case"] >= 2);
    }

    [Fact]
    public async Task Look_NothingNew_MakesNoRevision()
    {
        await _rig.PausedAsync();
        var before = (await _rig.HeadAsync())!.Revision;
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        await _rig.ArriveAsync("wevt_again");
        await _rig.SettleAsync();
        Assert.Equal(before, (await _rig.HeadAsync())!.Revision);
        Assert.Equal(1, _metric["order"]);
    }

    [Fact]
    public async Task Answer_ToARedactedInput_IsSentAndEndsTheWait()
    {
        var item = await _rig.PausedAsync();
        var result = await _rig.Store.AnswerReviewAsync(
            Given.By("dana"), item.ReviewId, new ReviewAnswer("""{"type":"result","content":"refund 4712"}""", null, IdleTriage.InputHash("approve", """{"order":"sevt_A"}""")), EngineRig.Token);
        Assert.Null(result.Refusal);
        await _rig.SendOnceAsync();
        await _rig.SettleAsync();

        Assert.Equal(ReviewState.Resumed, (await _rig.ItemAsync(item.ReviewId)).State);
        Assert.Contains("refund 4712", Assert.Single(_rig.Claude.Session().Accepted).GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("4712", await EverythingAsync(_rig), StringComparison.Ordinal);
        Assert.Equal("running", (await _rig.HeadAsync())!.Status);
    }

    [Fact]
    public async Task Sweep_Redacted_StoresTheObjectWithoutIt()
    {
        _rig.Claude.Session().Run();
        using var sweep = _rig.Sweep();
        await sweep.RunOnceAsync(EngineRig.Token);

        var inferred = Assert.Single((await _rig.Store.ReadEventsAsync(Sight.Everything, 0, 10, EngineRig.Token)).Items);
        var body = (await _rig.Store.FindEventAsync(Sight.Everything, null, inferred.Envelope.EventId, EngineRig.Token))!.Value.Body;
        var text = Encoding.UTF8.GetString(body.Span);
        Assert.DoesNotContain("4711", text, StringComparison.Ordinal);
        Assert.Contains("Refund [redacted:case]", text, StringComparison.Ordinal);
    }

    // Heads, revisions, transcripts and inputs: all that looks store. Answers are not among it (ADR 0019).
    private static async Task<string> EverythingAsync(EngineRig rig)
    {
        var text = new StringBuilder();
        var head = (await rig.HeadAsync())!;
        text.Append(Encoding.UTF8.GetString(head.Object.Span)).Append(head.FoldJson).Append(head.Title).Append(head.MetadataJson);
        text.AppendJoin('\n', head.Blockers.Select(static blocker => blocker.InputJson));
        foreach (var revision in (await rig.Store.ReadRevisionsAsync(Sight.Everything, 0, 1000, EngineRig.Token)).Items)
        {
            text.Append(Encoding.UTF8.GetString(revision.Snapshot.Span)).Append(revision.PatchJson);
        }

        foreach (var entry in (await rig.Store.ListTranscriptAsync(Sight.Everything, "sesn_1", new PageRequest(200), EngineRig.Token)).Items)
        {
            text.Append(Encoding.UTF8.GetString(entry.Json.Span));
        }

        text.AppendJoin('\n', (await rig.Store.ListReviewsAsync(Sight.Everything, new ReviewFilter(), new PageRequest(50), EngineRig.Token)).Items.Select(static i => i.Blocker.InputJson));
        return text.ToString();
    }
}
