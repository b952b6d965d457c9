using System.Security.Cryptography;
using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <summary>Contexts: applying changes. Its other part tests reading.</summary>
public abstract partial class ContextsConformance : StoreConformance
{
    private static readonly ResourceKey Session1 = ResourceKey.Session("sesn_1");

    [Fact]
    public async Task Apply_First_HeadAndRevisionReadBackWhole()
    {
        var credential = new ResourceKey("vault_credential", "vcrd_'1' 😀");
        await Store.RequestAsync(credential, "vlt_1", WorkLane.Normal, Token);
        var change = Given.Change(credential, null, "idle", Given.Blocker("sevt_1") with { SessionThreadId = "sth_1" });
        change = change with
        {
            Head = change.Head with { ParentId = "vlt_1", Title = "it's 100% \"ünïcödé\" 😀\n", FoldJson = """{"n":1}""" },
        };

        await ApplyAsync(await ClaimOneAsync(), change);

        AssertSame(change.Head, await Store.FindHeadAsync(Sight.Everything, credential, Token));
        AssertSame(change.Revision!, await Store.FindRevisionAsync(Sight.Everything, credential, 1, Token));
    }

    [Fact]
    public async Task Apply_AbsentFields_ReadBackNull()
    {
        var agent = new ResourceKey("agent", "agent_1");
        await Store.RequestAsync(agent, null, WorkLane.Normal, Token);
        var change = Given.Change(agent, null, "active");
        var head = new ContextHead
        {
            Resource = agent,
            Revision = 1,
            Status = "active",
            AsOf = change.Head.AsOf,
            HydratedAt = change.Head.HydratedAt,
            Object = ReadOnlyMemory<byte>.Empty,
            SnapshotHash = change.Head.SnapshotHash,
            RevisionHash = change.Head.RevisionHash,
        };

        await ApplyAsync(await ClaimOneAsync(), change with { Head = head });

        AssertSame(head, await Store.FindHeadAsync(Sight.Everything, agent, Token));
    }

    [Fact]
    public async Task Apply_ManyTimes_RevisionsFormOneChainWithoutGaps()
    {
        for (var i = 1; i <= 7; i++)
        {
            await LookAsync(Session1, before => Given.Change(Session1, before));
        }

        var revisions = (await Store.ListRevisionsAsync(Sight.Everything, Session1, new(50), Token)).Items.Reverse().ToList();

        Assert.Equal(Enumerable.Range(1, 7), revisions.Select(revision => revision.Number));
        Assert.Equal([.. revisions.Select(revision => revision.Seq).Order().Distinct()], revisions.Select(revision => revision.Seq));
        Assert.Equal(new string('0', 64), revisions[0].PreviousHash);
        Assert.All(revisions.Zip(revisions.Skip(1)), pair => Assert.Equal(pair.First.Hash, pair.Second.PreviousHash));
        Assert.All(revisions, revision => Assert.Equal(revision.SnapshotHash, Convert.ToHexStringLower(SHA256.HashData(revision.Snapshot.Span))));
        Assert.Equal(revisions[^1].Hash, (await Store.FindHeadAsync(Sight.Everything, Session1, Token))!.RevisionHash);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Apply_BaseMoved_StoresNothingAndKeepsTheLease(int baseRevision)
    {
        var head = await LookAsync(Session1, before => Given.Change(Session1, before));
        Time.Advance(Window.MaxWait);
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));
        var stale = Given.Change(Session1, head, "idle", Given.Blocker("sevt_1")) with { BaseRevision = baseRevision };

        Assert.Equal(ApplyOutcome.BaseMoved, await Store.ApplyAsync(lease, stale, Token));

        AssertSame(head, await Store.FindHeadAsync(Sight.Everything, Session1, Token));
        Assert.Equal(1, (await Store.ListRevisionsAsync(Sight.Everything, Session1, new(10), Token)).Total);
        Assert.Equal(EventState.Pending, (await EventAsync("wevt_1")).State);
        Assert.Equal(0, (await Store.ListReviewsAsync(Sight.Everything, new(), new(10), Token)).Total);
        await ApplyAsync(lease, Given.Change(Session1, head));
    }

    [Fact]
    public async Task Apply_BaseMovedAndLeaseLost_IsLeaseLost()
    {
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));
        Time.Advance(LeaseFor);
        await ClaimOneAsync();

        var stale = Given.Change(Session1, null) with { BaseRevision = 5 };

        Assert.Equal(ApplyOutcome.LeaseLost, await Store.ApplyAsync(lease, stale, Token));
    }

    [Fact]
    public async Task Apply_TwentyParallelUnderOneLease_OneIsStored()
    {
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            Task.Run(() => Store.ApplyAsync(lease, Given.Change(Session1, null), Token).AsTask(), Token))).WaitAsync(Timeout, Token);

        Assert.Single(outcomes, ApplyOutcome.Applied);
        Assert.Equal(1, (await Store.ListRevisionsAsync(Sight.Everything, Session1, new(10), Token)).Total);
    }

    [Fact]
    public async Task Apply_NothingChanged_RefreshesTheHeadWithoutARevision()
    {
        var head = await LookAsync(Session1, before => Given.Change(Session1, before));
        Time.Advance(Window.MaxWait);
        var lease = await ClaimNewAsync(Given.Arrival("wevt_1"));

        var refreshed = await ApplyAsync(lease, Given.NoChange(head with { HydratedAt = head.HydratedAt.AddMinutes(1) }));

        AssertSame(refreshed, await Store.FindHeadAsync(Sight.Everything, Session1, Token));
        Assert.Equal(1, (await Store.ListRevisionsAsync(Sight.Everything, Session1, new(10), Token)).Total);
        Assert.Equal((EventState.Applied, 1), ((await EventAsync("wevt_1")).State, (await EventAsync("wevt_1")).AppliedRevision));
    }

    [Fact]
    public async Task Apply_EventsOfTheLease_CloseAppliedOrSupersededByTheirOwnClock()
    {
        await StoreCreatedAtAsync("wevt_old", Given.Start - Tick);
        await StoreCreatedAtAsync("wevt_same", Given.Start);
        await StoreCreatedAtAsync("wevt_unknown", null);
        var lease = await ClaimOneAsync();

        await ApplyAsync(lease, Given.Change(Session1, null) with { SupersedeBefore = Given.Start });

        Assert.Equal(EventState.Superseded, (await EventAsync("wevt_old")).State);
        Assert.Null((await EventAsync("wevt_old")).LastError);
        Assert.Equal((EventState.Applied, 1), ((await EventAsync("wevt_same")).State, (await EventAsync("wevt_same")).AppliedRevision));
        Assert.Equal((EventState.Applied, 1), ((await EventAsync("wevt_unknown")).State, (await EventAsync("wevt_unknown")).AppliedRevision));
    }

    [Fact]
    public async Task Apply_Refusal_IsNotedOnWhatItSuperseded()
    {
        await Store.StoreAsync(Given.Arrival("wevt_1"), Token);

        await ApplyAsync(await ClaimOneAsync(), Given.Change(Session1, null) with
        {
            SupersedeBefore = DateTimeOffset.MaxValue,
            Refusal = "impossible_transition: terminated to running",
        });

        var stored = await EventAsync("wevt_1");
        Assert.Equal((EventState.Superseded, "impossible_transition: terminated to running"), (stored.State, stored.LastError));
    }

    [Fact]
    public async Task Apply_EventsOfOtherResources_AreLeftAlone()
    {
        await Store.StoreAsync(Given.Arrival("wevt_2", "sesn_2"), Token);
        await Store.StoreAsync(Given.Arrival(Given.Envelope("wevt_3") with { Resource = new ResourceKey("session_thread", "sesn_1") }), Token);
        await Store.StoreAsync(Given.Arrival("wevt_1", "sesn_1", WorkLane.Waiting), Token);
        var lease = Assert.Single(await Store.ClaimAsync(1, LeaseFor, Token));

        await ApplyAsync(lease, Given.Change(Session1, null));

        Assert.Equal(EventState.Applied, (await EventAsync("wevt_1")).State);
        Assert.Equal(EventState.Pending, (await EventAsync("wevt_2")).State);
        Assert.Equal(EventState.Pending, (await EventAsync("wevt_3")).State);
    }

    [Fact]
    public async Task Apply_LargeContent_IsByteExact()
    {
        var bytes = new byte[256 * 1024];
        new Random(7).NextBytes(bytes);
        await Store.RequestAsync(Session1, null, WorkLane.Normal, Token);
        var change = Given.Change(Session1, null);
        change = change with
        {
            Head = change.Head with { Object = bytes },
            Revision = change.Revision! with { Snapshot = bytes, PatchJson = new string('p', 256 * 1024) },
            SessionEvents = [Given.SessionEvent("sevt_1", Given.Start) with { Json = bytes }],
        };

        await ApplyAsync(await ClaimOneAsync(), change);

        Assert.Equal(bytes, (await Store.FindHeadAsync(Sight.Everything, Session1, Token))!.Object.ToArray());
        Assert.Equal(bytes, (await Store.FindRevisionAsync(Sight.Everything, Session1, 1, Token))!.Snapshot.ToArray());
        Assert.Equal(256 * 1024, (await Store.FindRevisionAsync(Sight.Everything, Session1, 1, Token))!.PatchJson.Length);
        Assert.Equal(bytes, Assert.Single((await Store.ListTranscriptAsync(Sight.Everything, "sesn_1", new(10), Token)).Items).Json.ToArray());
    }

    private async Task StoreCreatedAtAsync(string eventId, DateTimeOffset? createdAt) =>
        await Store.StoreAsync(Given.Arrival(Given.Envelope(eventId) with { CreatedAt = createdAt }), Token);

    private static void AssertSame(ContextHead expected, ContextHead? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Blockers, actual.Blockers);
        Assert.Equal(expected.Object.ToArray(), actual.Object.ToArray());
        Assert.Equal(expected, actual with { Blockers = expected.Blockers, Object = expected.Object });
    }

    private static void AssertSame(ContextRevision expected, ContextRevision? actual)
    {
        Assert.NotNull(actual);
        Assert.True(actual.Seq > 0);
        Assert.Equal(expected.EventIds, actual.EventIds);
        Assert.Equal(expected.RequestIds, actual.RequestIds);
        Assert.Equal(expected.Snapshot.ToArray(), actual.Snapshot.ToArray());
        Assert.Equal(expected, actual with
        {
            Seq = expected.Seq,
            EventIds = expected.EventIds,
            RequestIds = expected.RequestIds,
            Snapshot = expected.Snapshot,
        });
    }
}
