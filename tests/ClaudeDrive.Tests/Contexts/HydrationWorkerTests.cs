using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Tests.Fakes;
using Xunit;

namespace ClaudeDrive.Tests.Contexts;

/// <summary>Every outcome of a look, over the in-memory store and a fake Claude.</summary>
public sealed class HydrationWorkerTests : IAsyncDisposable
{
    private readonly EngineRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Look_Fetched_AppliesTheEventAndItsRevision()
    {
        _rig.Claude.Session().Run();
        await _rig.ArriveAsync("wevt_1");

        Assert.Equal(1, await LookAsync());

        var record = await _rig.EventAsync("wevt_1");
        Assert.Equal((EventState.Applied, 1, 0), (record.State, record.AppliedRevision, record.Attempts));
        Assert.Equal("running", (await _rig.HeadAsync())!.Status);
        Assert.True(_rig.Signal.Next.Status is not TaskStatus.RanToCompletion);
    }

    [Fact]
    public async Task Look_TransientFailures_RetriesThenDeadLetters()
    {
        _rig.Claude.Session().Run();
        _rig.Claude.Faults = static _ => Fault.Status(500);
        await _rig.ArriveAsync("wevt_1");

        await LookAsync();
        var record = await _rig.EventAsync("wevt_1");
        Assert.Equal((EventState.Pending, 1, "http_500: told"), (record.State, record.Attempts, record.LastError));
        Assert.Equal(0, await LookAsync());
        _rig.Time.Advance(TimeSpan.FromSeconds(2));
        await LookAsync();
        _rig.Time.Advance(TimeSpan.FromSeconds(4));
        await LookAsync();

        record = await _rig.EventAsync("wevt_1");
        Assert.Equal((EventState.Dead, 3), (record.State, record.Attempts));
        Assert.Equal(3, _rig.Claude.Gets);
    }

    [Fact]
    public async Task Look_PermanentFailure_IsADeadLetterAtOnce()
    {
        _rig.Claude.Faults = static _ => Fault.Status(403);
        await _rig.ArriveAsync("wevt_1");
        await LookAsync();
        Assert.Equal(EventState.Dead, (await _rig.EventAsync("wevt_1")).State);
    }

    [Fact]
    public async Task Look_ToldToWait_CostsNoAttemptHoweverOften()
    {
        _rig.Claude.Session().Run();
        _rig.Claude.Faults = static _ => Fault.Status(429, "5");
        await _rig.ArriveAsync("wevt_1");
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(1, await LookAsync());
            Assert.Equal(0, await LookAsync());
            _rig.Time.Advance(TimeSpan.FromSeconds(5));
        }

        var record = await _rig.EventAsync("wevt_1");
        Assert.Equal((EventState.Pending, 0), (record.State, record.Attempts));
        _rig.Claude.Faults = static _ => null;
        await LookAsync();
        Assert.Equal(EventState.Applied, (await _rig.EventAsync("wevt_1")).State);
    }

    [Fact]
    public async Task Look_NotFound_LeavesATombstoneWithItsProof()
    {
        await _rig.ArriveAsync("wevt_1", "sesn_gone");
        await LookAsync();
        Assert.Equal("gone", (await _rig.HeadAsync("sesn_gone"))!.Status);
        Assert.Equal(EventState.Applied, (await _rig.EventAsync("wevt_1")).State);
        Assert.NotEmpty((await _rig.Store.FindRevisionAsync(Sight.Everything, ResourceKey.Session("sesn_gone"), 1, EngineRig.Token))!.RequestIds);
    }

    [Fact]
    public async Task Look_Deletion_FetchesNothing()
    {
        await _rig.ArriveAsync("wevt_1", isDeletion: true);
        await LookAsync();
        await _rig.ArriveAsync("wevt_2");
        await _rig.SettleAsync();

        Assert.Equal(("deleted", 0), ((await _rig.HeadAsync())!.Status, _rig.Claude.Gets));
        Assert.Equal(EventState.Superseded, (await _rig.EventAsync("wevt_2")).State);
    }

    [Fact]
    public async Task Look_LaterSuccess_CoversTheDeadLetters()
    {
        _rig.Claude.Session().Run();
        _rig.Claude.Faults = static _ => Fault.Status(403);
        await _rig.ArriveAsync("wevt_1");
        await LookAsync();
        _rig.Claude.Faults = static _ => null;
        await _rig.ArriveAsync("wevt_2");
        await _rig.SettleAsync();

        Assert.Equal(EventState.Covered, (await _rig.EventAsync("wevt_1")).State);
        Assert.Equal(EventState.Applied, (await _rig.EventAsync("wevt_2")).State);
    }

    [Fact]
    public async Task Look_FiftyEventsInABurst_CostFourReads()
    {
        _rig.Claude.Session().Run();
        await _rig.ArriveAsync("wevt_0");
        await LookAsync();
        for (var i = 1; i < 50; i++)
        {
            _rig.Time.Advance(TimeSpan.FromMilliseconds(5));
            await _rig.ArriveAsync($"wevt_{i}");
            await LookAsync();
        }

        await _rig.SettleAsync();

        Assert.Equal((4, 4), (_rig.Claude.Gets, (int)_rig.Metrics.Reads));
        Assert.Equal(EventState.Applied, (await _rig.EventAsync("wevt_49")).State);
    }

    [Fact]
    public async Task Look_ApiThatListsMoreThanAsked_CountsEveryEventOnce()
    {
        _rig.Claude.FiltersByTime = false;
        for (var i = 0; i < 5; i++)
        {
            _rig.Claude.Session().Run();
            await _rig.ArriveAsync($"wevt_{i}");
            await _rig.SettleAsync();
            _rig.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(5, SessionFold.Parse((await _rig.HeadAsync())!.FoldJson).Events);
    }

    [Fact]
    public async Task Look_PauseOnAToolNeverSeen_ReadsTheWholeHistoryOnce()
    {
        var session = _rig.Claude.Session();
        session.Run();
        await _rig.ArriveAsync("wevt_1");
        await _rig.SettleAsync();
        session.Add(Events.CustomTool("sevt_A", -60)); // Became visible a minute late.
        session.Idle("requires_action", "sevt_A");
        var before = _rig.Claude.Gets;
        await _rig.ArriveAsync("wevt_2");

        await _rig.SettleAsync();

        Assert.Equal("approve", Assert.Single((await _rig.HeadAsync())!.Blockers).ToolName);
        Assert.Equal(before + 3, _rig.Claude.Gets);
        Assert.Equal(3, SessionFold.Parse((await _rig.HeadAsync())!.FoldJson).Events);
    }

    [Theory]
    [InlineData("session_thread", "/v1/sessions/parent_1/threads/id_1")]
    [InlineData("vault_credential", "/v1/vaults/parent_1/credentials/id_1")]
    public async Task Look_ChildResource_RemembersItsParent(string type, string path)
    {
        _rig.Claude.Resources[path] = """{"id":"id_1","status":"running"}""";
        var envelope = new WebhookEnvelope
        {
            EventId = "wevt_1",
            EventType = type,
            Dialect = WebhookDialect.Standard,
            Resource = new ResourceKey(type, "id_1"),
            ParentId = "parent_1",
        };
        await _rig.ArriveAsync(envelope);
        await _rig.SettleAsync();
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        await _rig.ArriveAsync(envelope with { EventId = "wevt_2", ParentId = null });
        await _rig.SettleAsync();

        Assert.Equal(EventState.Applied, (await _rig.EventAsync("wevt_2")).State);
        Assert.All(_rig.Claude.Transport.Sent, request => Assert.Equal(path, request.Path));
    }

    [Fact]
    public async Task Look_ChildWithoutParent_IsADeadLetter()
    {
        await _rig.ArriveAsync(new WebhookEnvelope
        {
            EventId = "wevt_1",
            EventType = "t",
            Dialect = WebhookDialect.Standard,
            Resource = new ResourceKey("vault_credential", "id_1"),
        });
        await LookAsync();
        Assert.StartsWith("parent_unknown", (await _rig.EventAsync("wevt_1")).LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id":"sesn_1","updated_at":"9999-12-31T23:59:59.9999999-14:00","agent":7,"metadata":[],"title":{}}""")]
    [InlineData("""{"id":"sesn_1","status":"idle","title":"half \ud83d","metadata":{"\udc00":"\ud800"}}""")]
    public async Task Look_StrangeObject_IsApplied(string json)
    {
        _rig.Claude.Session();
        _rig.Claude.Resources["/v1/sessions/sesn_1"] = json;
        await _rig.ArriveAsync("wevt_1");
        await _rig.SettleAsync();
        Assert.Equal(EventState.Applied, (await _rig.EventAsync("wevt_1")).State);
    }

    [Fact]
    public async Task Look_AgentThatWritesHalfCharactersAndDeepArguments_IsStillRead()
    {
        var deep = new string('[', 200) + new string(']', 200);
        _rig.Claude.Resources["/v1/sessions/sesn_1"] = Events.Session("idle", 1).GetRawText();
        _rig.Claude.Resources["/v1/sessions/sesn_1/events"] = $$$"""
            {"data":[{"id":"sevt_A","type":"agent.custom_tool_use","name":"cut \ud83d","input":{"deep":{{{deep}}}},"processed_at":"{{{Events.Instant(1)}}}"},
            {{{Events.Idle("sevt_i", 2, "requires_action", "sevt_A").GetRawText()}}}]}
            """;
        await _rig.ArriveAsync("wevt_1");
        await _rig.SettleAsync();

        var blocker = Assert.Single((await _rig.HeadAsync())!.Blockers);
        Assert.Equal(("cut \ufffd", $$"""{"deep":{{deep}}}"""), (blocker.ToolName, blocker.InputJson));
        Assert.NotNull(new ContextChanged((await _rig.Store.FindRevisionAsync(Sight.Everything, ResourceKey.Session("sesn_1"), 1, EngineRig.Token))!));
    }

    private async Task<int> LookAsync()
    {
        using var worker = _rig.Hydration();
        return await worker.RunOnceAsync(EngineRig.Token);
    }
}
