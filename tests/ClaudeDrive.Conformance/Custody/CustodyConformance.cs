using ClaudeDrive.Access;
using ClaudeDrive.Audit;
using ClaudeDrive.Custody;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <summary>What every store promises of holds and of times by workspace; the other part is about dropping content.</summary>
public abstract partial class CustodyConformance : StoreConformance
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(90);

    private static Deed Ada => Given.By("ada") with { Reason = "case 7" };

    [Fact]
    public async Task Hold_SetAndLifted_IsListedAndAudited()
    {
        Assert.Empty(await Store.ListHoldsAsync(Token));
        var first = await HoldAsync("hold_b", HoldScope.Everything, null);
        var second = await HoldAsync("hold_a", HoldScope.Session, "sesn_1");

        Assert.Equal([first, second], await Store.ListHoldsAsync(Token));
        Assert.Equal(("hold_a", HoldScope.Session, "sesn_1", "case 7", "ada", Now), (second.HoldId, second.Scope, second.Target, second.Reason, second.SetBy, second.SetAt));
        Assert.True(await Store.LiftHoldAsync(Ada with { Reason = "closed" }, "hold_b", Token));
        Assert.False(await Store.LiftHoldAsync(Ada, "hold_b", Token));

        Assert.Equal([second], await Store.ListHoldsAsync(Token));
        var audit = await Store.ReadAuditAsync(0, 10, Token);
        Assert.Equal([AuditActions.HoldSet, AuditActions.HoldSet, AuditActions.HoldLifted], audit.Select(static entry => entry.What.Action));
        Assert.Equal(("hold/hold_b", "closed", """{"scope":"everything","reason":"case 7"}"""), (audit[2].What.Resource, audit[2].What.Reason, audit[2].What.Before));
        Assert.Equal("""{"scope":"session","target":"sesn_1","reason":"case 7"}""", audit[1].What.After);
    }

    [Fact]
    public async Task Hold_StrangeTarget_IsKeptAsGiven()
    {
        foreach (var (text, i) in Given.StrangeIds.Select(static (text, i) => (text, i)))
        {
            Assert.Equal(text, (await HoldAsync($"hold_{i}", HoldScope.Workspace, text)).Target);
        }

        Assert.Equal(Given.StrangeIds, (await Store.ListHoldsAsync(Token)).Select(static hold => hold.Target!));
    }

    [Fact]
    public async Task Hold_MoreThanAllowed_IsRefused()
    {
        var results = new List<AccessResult<Hold>>();
        foreach (var batch in Enumerable.Range(0, CustodyLimits.Holds + 3).Chunk(50))
        {
            results.AddRange(await Task.WhenAll(batch.Select(i => Store.SetHoldAsync(Ada, $"hold_{i}", HoldScope.Session, $"sesn_{i}", Token).AsTask())));
        }

        Assert.Equal(3, results.Count(static result => result.Refusal == AccessRefusal.TooMany));
        Assert.Equal(CustodyLimits.Holds, (await Store.ListHoldsAsync(Token)).Count);
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("session")]
    [InlineData("workspace_of_event")]
    [InlineData("workspace_of_resource")]
    [InlineData("workspace_of_session")]
    public async Task Delete_Held_StaysUntilItIsLifted(string what)
    {
        await StoreWorldAsync();
        var (scope, target) = what switch
        {
            "everything" => (HoldScope.Everything, (string?)null),
            "session" => (HoldScope.Session, "sesn_1"),
            "workspace_of_event" => (HoldScope.Workspace, "wrkspc_event"),
            _ => (HoldScope.Workspace, "wrkspc_1"),
        };
        await HoldAsync("hold_1", scope, target);
        string[] held = what switch
        {
            "everything" => ["wevt_event", "wevt_free", "wevt_session", "wevt_thread"],
            "session" => ["wevt_session", "wevt_thread"],
            "workspace_of_event" => ["wevt_event"],
            _ => ["wevt_session", "wevt_thread"],
        };

        await PassAsync(new RetentionCut(RetainedRows.Deliveries, KeepFor, 0, 3));
        await PassAsync(new RetentionCut(RetainedRows.Events, KeepFor, 0, 3));

        Assert.Equal([.. held, "wevt_young"], await EventIdsAsync());
        Assert.Equal([.. held, "wevt_young"], await DeliveredAsync());
        Assert.True(await Store.LiftHoldAsync(Ada, "hold_1", Token));
        await PassAsync(new RetentionCut(RetainedRows.Deliveries, KeepFor, 0, 3));
        await PassAsync(new RetentionCut(RetainedRows.Events, KeepFor, 0, 3));
        Assert.Equal(["wevt_young"], await EventIdsAsync());
        Assert.Equal(["wevt_young"], await DeliveredAsync());
    }

    [Fact]
    public async Task Delete_TimesByWorkspace_EachHasItsOwn()
    {
        foreach (var workspace in (string[])["short", "long", "ever", "other"])
        {
            await Store.StoreAsync(Nothing($"wevt_{workspace}", workspace), Token);
        }

        await Store.StoreAsync(Nothing("wevt_none", null), Token);
        var cut = new RetentionCut(RetainedRows.Events, TimeSpan.FromDays(90), 0, 2)
        {
            Workspaces = new Dictionary<string, TimeSpan> { ["short"] = TimeSpan.FromDays(10), ["long"] = TimeSpan.FromDays(200), ["ever"] = TimeSpan.MaxValue },
        };

        await AfterAsync(11, "wevt_ever", "wevt_long", "wevt_none", "wevt_other");
        await AfterAsync(91, "wevt_ever", "wevt_long");
        await AfterAsync(201, "wevt_ever");
        await AfterAsync(10_000, "wevt_ever");

        async Task AfterAsync(int days, params string[] left)
        {
            Time.SetUtcNow(Given.Start + TimeSpan.FromDays(days));
            await Store.StoreAsync(Nothing($"wevt_young_{days}", null) with { ReceivedAt = Now }, Token);
            await PassAsync(cut);
            Assert.Equal(left, (await EventIdsAsync()).Where(static id => !id.StartsWith("wevt_young", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Delete_ForEverButForOneWorkspace_OnlyItsRowsGo()
    {
        await Store.StoreAsync(Nothing("wevt_short", "short"), Token);
        await Store.StoreAsync(Nothing("wevt_other", "other"), Token);
        Time.Advance(TimeSpan.FromDays(20_000));
        await Store.StoreAsync(Nothing("wevt_young", "short") with { ReceivedAt = Now }, Token);

        await PassAsync(new RetentionCut(RetainedRows.Events, TimeSpan.MaxValue, 0, 2)
        {
            Workspaces = new Dictionary<string, TimeSpan> { ["short"] = TimeSpan.FromDays(10) },
        });

        Assert.Equal(["wevt_other", "wevt_young"], await EventIdsAsync());
    }

    private static InboxArrival Nothing(string eventId, string? workspaceId) =>
        Given.Arrival(Given.Envelope(eventId) with { Resource = null, SessionId = null, WorkspaceId = workspaceId });

    /// <summary>
    /// Events of a session in <c>wrkspc_1</c>, of a thread of it that names no workspace, of nothing in another workspace, of nothing at all; all finished and
    /// old, and a young one.
    /// </summary>
    private async Task StoreWorldAsync()
    {
        var thread = new ResourceKey(ResourceKey.SessionThreadType, "sthr_1");
        await ApplyAsync(
            await ClaimNewAsync(Given.Arrival(Given.Envelope("wevt_session") with { WorkspaceId = null })), Given.Change("sesn_1", null));
        var change = Given.Change(thread, null);
        await ApplyAsync(
            await ClaimNewAsync(Given.Arrival(Given.Envelope("wevt_thread") with { Resource = thread, ParentId = "sesn_1", WorkspaceId = null })),
            change with { Head = change.Head with { WorkspaceId = null, ParentId = "sesn_1" } });
        await Store.StoreAsync(Nothing("wevt_event", "wrkspc_event"), Token);
        await Store.StoreAsync(Nothing("wevt_free", null), Token);
        Time.Advance(KeepFor + Tick);
        await Store.StoreAsync(Nothing("wevt_young", null) with { ReceivedAt = Now }, Token);
    }

    private async Task<Hold> HoldAsync(string holdId, HoldScope scope, string? target)
    {
        var result = await Store.SetHoldAsync(Ada, holdId, scope, target, Token);
        Assert.Null(result.Refusal);
        return result.Value!;
    }

    private async Task PassAsync(RetentionCut cut)
    {
        for (var steps = 0; ; steps++)
        {
            Assert.True(steps < 1000, "The pass never ends.");
            var step = await Store.DeleteFinishedAsync(cut, Token);
            if (step.IsLast)
            {
                return;
            }

            cut = cut with { AfterSeq = step.ThroughSeq };
        }
    }

    private async Task<IEnumerable<string>> EventIdsAsync() =>
        (await Store.ReadEventsAsync(Sight.Everything, 0, 100, Token)).Items.Select(static e => e.Envelope.EventId).Order(StringComparer.Ordinal);

    private async Task<IEnumerable<string>> DeliveredAsync() =>
        (await Store.ListDeliveriesAsync(Sight.Everything, new(), new(100), Token)).Items.Select(static d => d.EventId!).Order(StringComparer.Ordinal);
}
