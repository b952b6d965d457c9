using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Ingest;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <content>Lists of heads and revisions, readers, counts.</content>
public abstract partial class ContextsConformance
{
    [Fact]
    public async Task Find_Unknown_IsNullOrEmpty()
    {
        Assert.Null(await Store.FindHeadAsync(Sight.Everything, Session1, Token));
        Assert.Null(await Store.FindRevisionAsync(Sight.Everything, Session1, 1, Token));
        Assert.Equal(0, (await Store.ListRevisionsAsync(Sight.Everything, Session1, new(10), Token)).Total);
        Assert.Equal(0, (await Store.ListHeadsAsync(Sight.Everything, new(), new(10), Token)).Total);
        Assert.Equal(0, (await Store.ListTranscriptAsync(Sight.Everything, "sesn_1", new(10), Token)).Total);
        Assert.Empty(await Store.RecentEventIdsAsync("sesn_1", Given.Start, Token));
    }

    [Fact]
    public async Task ListHeads_Order_IsMostRecentlyChangedFirst()
    {
        await LookNewAsync("sesn_1");
        await LookNewAsync("sesn_2");
        await LookNewAsync("sesn_3");
        await LookAsync(Session1, before => Given.Change(Session1, before));
        await LookAsync(ResourceKey.Session("sesn_2"), before => Given.NoChange(before!));

        var page = await Store.ListHeadsAsync(Sight.Everything, new(), new(10), Token);

        Assert.Equal(["sesn_1", "sesn_3", "sesn_2"], page.Items.Select(head => head.Resource.Id));
    }

    [Fact]
    public async Task ListHeads_EveryFilter_IsExact()
    {
        await LookNewAsync("sesn_1", head => head with { Status = "idle", Triage = Triages.Finished, AgentId = "agent_2" });
        await LookNewAsync("sesn_2", head => head with { Status = "terminated", Title = "ÄÖ 50% Off_er", WorkspaceId = "wrkspc_2" });
        await LookNewAsync("sesn_3", head => head with { Title = null, MetadataJson = """{"team":"Ops"}""" });
        var credential = new ResourceKey("vault_credential", "vcrd_1");
        await LookAsync(credential, before => WithHead(Given.Change(credential, before), head => head with
        {
            ParentId = "vlt_1",
            Title = "it's",
            MetadataJson = null,
        }));

        await AssertHeadsAsync(new(), "vcrd_1", "sesn_3", "sesn_2", "sesn_1");
        await AssertHeadsAsync(new() { Type = "session" }, "sesn_3", "sesn_2", "sesn_1");
        await AssertHeadsAsync(new() { NotType = "session" }, "vcrd_1");
        await AssertHeadsAsync(new() { ParentId = "vlt_1" }, "vcrd_1");
        await AssertHeadsAsync(new() { Status = "idle" }, "sesn_1");
        await AssertHeadsAsync(new() { NotStatuses = ["idle", "terminated"] }, "vcrd_1", "sesn_3");
        await AssertHeadsAsync(new() { NotStatuses = ["idle'"] }, "vcrd_1", "sesn_3", "sesn_2", "sesn_1");
        await AssertHeadsAsync(new() { Triage = Triages.Finished }, "sesn_1");
        await AssertHeadsAsync(new() { WorkspaceId = "wrkspc_2" }, "sesn_2");
        await AssertHeadsAsync(new() { AgentId = "agent_2" }, "sesn_1");
        await AssertHeadsAsync(new() { Type = "session", Status = "running", AgentId = "agent_1" }, "sesn_3");
        await AssertHeadsAsync(new() { Query = "0% oFF_" }, "sesn_2");
        await AssertHeadsAsync(new() { Query = "Ä" }, "sesn_2");
        await AssertHeadsAsync(new() { Query = "ä" });
        await AssertHeadsAsync(new() { Query = "ops" }, "sesn_3");
        await AssertHeadsAsync(new() { Query = "SESN_" }, "sesn_3", "sesn_2", "sesn_1");
        await AssertHeadsAsync(new() { Query = "T'S" }, "vcrd_1");
        await AssertHeadsAsync(new() { Query = "%" }, "sesn_2");
    }

    [Fact]
    public async Task ListHeads_NewContextsWhilePaging_NoneIsSkippedOrRepeated()
    {
        for (var i = 0; i < 11; i++)
        {
            await LookNewAsync($"sesn_{i}");
        }

        var seen = new List<string>();
        long? before = null;
        do
        {
            var page = await Store.ListHeadsAsync(Sight.Everything, new(), new(4, before), Token);
            seen.AddRange(page.Items.Select(head => head.Resource.Id));
            before = page.Next;
            await LookNewAsync($"sesn_new{seen.Count}");
        }
        while (before is not null);

        Assert.Equal(Enumerable.Range(0, 11).Reverse().Select(i => $"sesn_{i}"), seen);
    }

    [Fact]
    public async Task ListRevisions_Paged_NewestFirstByNumber()
    {
        await LookNewAsync("sesn_other");
        for (var i = 0; i < 5; i++)
        {
            await LookAsync(Session1, before => Given.Change(Session1, before));
        }

        var first = await Store.ListRevisionsAsync(Sight.Everything, Session1, new(3), Token);
        var second = await Store.ListRevisionsAsync(Sight.Everything, Session1, new(3, first.Next), Token);

        Assert.Equal([5, 4, 3], first.Items.Select(revision => revision.Number));
        Assert.Equal(3, first.Next);
        Assert.Equal([2, 1], second.Items.Select(revision => revision.Number));
        Assert.Null(second.Next);
        Assert.Equal((5, 5), (first.Total, second.Total));
        Assert.Equal(4, (await Store.FindRevisionAsync(Sight.Everything, Session1, 4, Token))!.Number);
        Assert.Null(await Store.FindRevisionAsync(Sight.Everything, Session1, 6, Token));
    }

    [Fact]
    public async Task ReadRevisions_AfterAPosition_OldestFirstOverAllContexts()
    {
        await LookNewAsync("sesn_1");
        await LookNewAsync("sesn_2");
        await LookAsync(Session1, before => Given.Change(Session1, before));

        var first = (await Store.ReadRevisionsAsync(Sight.Everything, 0, 2, Token)).Items;
        var rest = (await Store.ReadRevisionsAsync(Sight.Everything, first[^1].Seq, 10, Token)).Items;

        Assert.Equal(["sesn_1 1", "sesn_2 1", "sesn_1 2"], first.Concat(rest).Select(r => $"{r.Resource.Id} {r.Number}"));
        Assert.Empty((await Store.ReadRevisionsAsync(Sight.Everything, rest[^1].Seq, 10, Token)).Items);
    }

    [Fact]
    public async Task CountContexts_ByType_AndRevisions()
    {
        await LookNewAsync("sesn_1");
        await LookNewAsync("sesn_2");
        await LookAsync(Session1, before => Given.Change(Session1, before));
        await LookAsync(new("agent", "agent_1"), before => Given.Change(new ResourceKey("agent", "agent_1"), before));

        var counts = await Store.CountContextsAsync(Sight.Everything, Token);

        Assert.Equal((2, 1, 2), (counts.ByType["session"], counts.ByType["agent"], counts.ByType.Count));
        Assert.Equal(4, counts.Revisions);
    }

    [Fact]
    public async Task Reader_Advances_NeverBack()
    {
        Assert.Equal(0, await Store.FindReaderAsync("handlers", Token));

        await Store.AdvanceReaderAsync("handlers", 7, Token);
        await Store.AdvanceReaderAsync("handlers", 7, Token);
        await Store.AdvanceReaderAsync("handlers", 3, Token);
        await Store.AdvanceReaderAsync("o'ther", 1, Token);

        Assert.Equal(7, await Store.FindReaderAsync("handlers", Token));
        Assert.Equal(1, await Store.FindReaderAsync("o'ther", Token));
    }

    private Task<ContextHead> LookNewAsync(string sessionId, Func<ContextHead, ContextHead>? alter = null) =>
        LookAsync(ResourceKey.Session(sessionId), before => WithHead(Given.Change(sessionId, before), alter ?? (head => head)));

    private static ContextChange WithHead(ContextChange change, Func<ContextHead, ContextHead> alter) => change with { Head = alter(change.Head) };

    private async Task AssertHeadsAsync(ContextFilter filter, params string[] expected)
    {
        var page = await Store.ListHeadsAsync(Sight.Everything, filter, new(50), Token);
        Assert.Equal(expected, page.Items.Select(head => head.Resource.Id));
        Assert.Equal(expected.Length, page.Total);
        Assert.Equal(expected.Length, (await Store.ListHeadsAsync(Sight.Everything, filter, new(1), Token)).Total);
    }
}
