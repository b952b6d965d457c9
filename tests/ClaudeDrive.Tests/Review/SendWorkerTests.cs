using ClaudeDrive.Inbox;
using ClaudeDrive.Review;
using ClaudeDrive.Tests.Fakes;
using Xunit;

namespace ClaudeDrive.Tests.Review;

/// <summary>Every ending of a try at sending an answer (invariant 5).</summary>
public sealed class SendWorkerTests : IAsyncDisposable
{
    private readonly EngineRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Send_Accepted_ResumesWithTheEchoedEvent()
    {
        await _rig.AnswerAsync(await _rig.PausedAsync());

        Assert.Equal(1, await _rig.SendOnceAsync());

        var item = await _rig.ItemAsync();
        Assert.Equal((ReviewState.Resumed, 1), (item.State, item.SendAttempts));
        Assert.Equal(Assert.Single(_rig.Claude.Session().Accepted).GetProperty("id").GetString(), item.AnswerEventId);
        await _rig.SettleAsync();
        Assert.Equal("running", (await _rig.HeadAsync())!.Status);
    }

    [Fact]
    public async Task Send_AnsweredBySomebodyElse_ClosesWithTheirEvent()
    {
        var item = await _rig.PausedAsync();
        var theirs = _rig.Claude.Session().Take(Events.Parse("""{"type":"user.custom_tool_result","custom_tool_use_id":"sevt_A","content":[],"is_error":true}"""))!.Value;
        await _rig.AnswerAsync(item);

        await _rig.SendOnceAsync();

        item = await _rig.ItemAsync();
        Assert.Equal((ReviewState.ClosedElsewhere, theirs.GetProperty("id").GetString()), (item.State, item.AnswerEventId));
        Assert.Single(_rig.Claude.Session().Accepted);
    }

    [Fact]
    public async Task Send_RefusedWhileStillWaiting_OpensAgainWithTheReason()
    {
        await _rig.AnswerAsync(await _rig.PausedAsync());
        _rig.Claude.Faults = static request => request.Method == "POST" ? Fault.Status(400) : null;

        await _rig.SendOnceAsync();

        var item = await _rig.ItemAsync();
        Assert.Equal((ReviewState.Open, "http_400: told", null), (item.State, item.Problem, item.AnswerJson));
        _rig.Claude.Faults = static _ => null;
        await _rig.AnswerAsync(item);
        await _rig.SendOnceAsync();
        Assert.Equal(ReviewState.Resumed, (await _rig.ItemAsync()).State);
    }

    [Fact]
    public async Task Send_SessionGone_IsCancelled()
    {
        await _rig.AnswerAsync(await _rig.PausedAsync());
        _rig.Claude.Sessions.Clear();

        await _rig.SendOnceAsync();

        Assert.Equal(ReviewState.Cancelled, (await _rig.ItemAsync()).State);
    }

    [Fact]
    public async Task Send_SessionKnownDeleted_IsCancelledWithoutAsking()
    {
        await _rig.AnswerAsync(await _rig.PausedAsync());
        await _rig.ArriveAsync("wevt_del", isDeletion: true);
        await _rig.SettleAsync();
        var before = _rig.Claude.Transport.Sent.Count;

        await _rig.SendOnceAsync();

        Assert.Equal(ReviewState.Cancelled, (await _rig.ItemAsync()).State);
        Assert.Equal(before, _rig.Claude.Transport.Sent.Count);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(403)]
    public async Task Send_OurKeyRefused_KeepsTheAnswerForLater(int status)
    {
        await _rig.AnswerAsync(await _rig.PausedAsync());
        _rig.Claude.Faults = _ => Fault.Status(status);

        await _rig.SendOnceAsync();

        Assert.Equal(ReviewState.Answered, (await _rig.ItemAsync()).State);
        _rig.Claude.Faults = static _ => null;
        Assert.Equal(0, await _rig.SendOnceAsync());
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        await _rig.SendOnceAsync();
        Assert.Equal(ReviewState.Resumed, (await _rig.ItemAsync()).State);
    }

    [Theory]
    [InlineData("30", 30)]
    [InlineData(null, 2)]
    public async Task Send_TooMany_WaitsAsLongAsToldAndReadsNothingBack(string? retryAfter, int seconds)
    {
        await _rig.AnswerAsync(await _rig.PausedAsync());
        var gets = _rig.Claude.Gets;
        _rig.Claude.Faults = _ => Fault.Status(429, retryAfter);

        await _rig.SendOnceAsync();

        Assert.Equal(ReviewState.Answered, (await _rig.ItemAsync()).State);
        _rig.Claude.Faults = static _ => null;
        if (retryAfter is not null)
        {
            _rig.Time.Advance(TimeSpan.FromSeconds(seconds - 0.1));
            Assert.Equal(0, await _rig.SendOnceAsync());
        }

        _rig.Time.Advance(TimeSpan.FromSeconds(seconds));
        await _rig.SendOnceAsync();
        Assert.Equal((ReviewState.Resumed, gets), ((await _rig.ItemAsync()).State, _rig.Claude.Gets));
    }

    [Theory]
    [InlineData("500 before", false)]
    [InlineData("500 after", true)]
    [InlineData("529 before", false)]
    [InlineData("lost before", false)]
    [InlineData("lost after", true)]
    [InlineData("slow before", false)]
    [InlineData("slow after", true)]
    [InlineData("cut after", true)]
    public async Task Send_Ambiguous_ReadsBackAndSendsOnlyWhatIsMissing(string what, bool hasActed)
    {
        await _rig.AnswerAsync(await _rig.PausedAsync());
        FailPostsOnce(what.Split(' ')[0] switch
        {
            "500" => hasActed ? Fault.StatusAfter(500) : Fault.Status(500),
            "529" => Fault.Status(529),
            "lost" => Fault.Lost(hasActed),
            "slow" => Fault.Slow(hasActed),
            _ => Fault.Cut(hasActed),
        });

        await _rig.SendOnceAsync();
        Assert.Equal(ReviewState.Verifying, (await _rig.ItemAsync()).State);
        _rig.Time.Advance(TimeSpan.FromSeconds(2));
        await _rig.SendOnceAsync();

        var item = await _rig.ItemAsync();
        var accepted = Assert.Single(_rig.Claude.Session().Accepted);
        Assert.Equal((ReviewState.Resumed, accepted.GetProperty("id").GetString()), (item.State, item.AnswerEventId));
        Assert.Equal(hasActed ? 1 : 2, _rig.Claude.Posts);
    }

    [Fact]
    public async Task Send_AmbiguousThenSurelyNotTaken_StillReadsBackBeforeTheNextTry()
    {
        await _rig.AnswerAsync(await _rig.PausedAsync());
        FailPostsOnce(Fault.Slow(hasActed: false));
        await _rig.SendOnceAsync();
        FailPostsOnce(Fault.Status(429));
        _rig.Time.Advance(TimeSpan.FromSeconds(10));
        await _rig.SendOnceAsync();
        Assert.Equal(ReviewState.Verifying, (await _rig.ItemAsync()).State);

        // The first try, which nobody answered, arrives at last.
        _rig.Claude.Session().Take(AnswerEvent.Create(await _rig.ItemAsync()));
        _rig.Time.Advance(TimeSpan.FromSeconds(10));
        await _rig.SendOnceAsync();

        Assert.Equal((ReviewState.Resumed, 2), ((await _rig.ItemAsync()).State, _rig.Claude.Posts));
    }

    [Fact]
    public async Task Send_ReadBackFailsBeforeAnythingWasSent_DoesNotTakeAnothersAnswerForOurs()
    {
        var item = await _rig.PausedAsync();
        var answered = await _rig.AnswerAsync(item);
        _rig.Claude.Session().Take(AnswerEvent.Create(answered)); // Somebody else's, by chance the same.
        await _rig.ArriveAsync("wevt_2");
        await _rig.SettleAsync();
        _rig.Claude.Faults = static _ => Fault.Status(500);
        await _rig.SendOnceAsync();
        _rig.Claude.Faults = static _ => null;
        _rig.Time.Advance(TimeSpan.FromSeconds(10));

        await _rig.SendOnceAsync();

        Assert.Equal((ReviewState.ClosedElsewhere, 0), ((await _rig.ItemAsync()).State, _rig.Claude.Posts));
    }

    [Fact]
    public async Task Send_SessionMovedOn_IsClosedAndSaysSo()
    {
        await _rig.AnswerAsync(await _rig.PausedAsync());
        _rig.Claude.Session().Idle("end_turn"); // Interrupted.
        await _rig.ArriveAsync("wevt_2");
        await _rig.SettleAsync();

        await _rig.SendOnceAsync();

        var item = await _rig.ItemAsync();
        Assert.Equal((ReviewState.ClosedElsewhere, 0), (item.State, _rig.Claude.Posts));
        Assert.StartsWith("session_moved_on", item.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_PartOfAPause_LeavesTheOtherItemsOpen()
    {
        await _rig.PausedAsync("sevt_A", "sevt_B");
        await _rig.AnswerAsync(await _rig.ItemAsync("rev_1"));
        await _rig.SendOnceAsync();
        await _rig.SettleAsync();

        Assert.Equal((ReviewState.Resumed, ReviewState.Open), ((await _rig.ItemAsync("rev_1")).State, (await _rig.ItemAsync("rev_2")).State));
        await _rig.AnswerAsync(await _rig.ItemAsync("rev_2"));
        await _rig.SendOnceAsync();
        Assert.Equal(2, _rig.Claude.Session().Accepted.Count);
    }

    [Theory]
    [InlineData("""{"type":"poem"}""")]
    [InlineData("""{}""")]
    [InlineData("""{"type":""")]
    [InlineData("""{"type":"deny","message":"\ud800"}""")]
    public async Task Send_AnswerThatNoEventCarries_OpensAgain(string json)
    {
        await _rig.AnswerAsync(await _rig.PausedAsync(), json);

        await _rig.SendOnceAsync();

        var item = await _rig.ItemAsync();
        Assert.Equal((ReviewState.Open, 0), (item.State, _rig.Claude.Posts));
        Assert.StartsWith("not_sendable", item.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_LongAnswerThatClaudeReportsCut_IsRecognisedAsOurs()
    {
        await _rig.AnswerAsync(await _rig.PausedAsync(), $$"""{"type":"result","content":"{{new string('x', 150_000)}}"}""");
        var isFirst = true;
        _rig.Claude.Faults = request =>
        {
            if (request.Method != "POST" || !isFirst)
            {
                return null;
            }

            isFirst = false;
            _rig.Claude.Session().Take(Events.Parse($$"""
                {"type":"user.custom_tool_result","custom_tool_use_id":"sevt_A","content":[{"type":"text","text":"{{new string('x', 100_000)}} [truncated]"}],"is_error":false}
                """));
            return Fault.Lost(hasActed: false);
        };
        await _rig.SendOnceAsync();
        _rig.Time.Advance(TimeSpan.FromSeconds(2));

        await _rig.SendOnceAsync();

        Assert.Equal((ReviewState.Resumed, 1), ((await _rig.ItemAsync()).State, _rig.Claude.Posts));
    }

    private void FailPostsOnce(Fault fault)
    {
        var isFirst = true;
        _rig.Claude.Faults = request =>
        {
            var fails = request.Method == "POST" && isFirst;
            isFirst &= !fails;
            return fails ? fault : null;
        };
    }
}
