using ClaudeDrive.Audit;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <summary>What every store promises of the audit log.</summary>
public abstract class AuditConformance : StoreConformance
{
    [Fact]
    public async Task Append_Rows_FormOneChainWithoutGaps()
    {
        Assert.Equal(AuditHead.Empty, await Store.FindAuditHeadAsync(Token));
        for (var i = 0; i < 5; i++)
        {
            var entry = await Store.AppendAuditAsync(Draft($"act.{i}"), Token);
            Assert.Equal((i + 1, Now), (entry.Seq, entry.At));
            Time.Advance(Tick);
        }

        Assert.Null(await AuditCheck.VerifyAsync(Store, Token));
        var entries = await Store.ReadAuditAsync(0, 10, Token);
        Assert.Equal(["act.0", "act.1", "act.2", "act.3", "act.4"], entries.Select(static entry => entry.What.Action));
        Assert.Equal(new AuditHead(5, entries[^1].Hash), await Store.FindAuditHeadAsync(Token));
    }

    [Fact]
    public async Task Append_EveryField_ComesBackAsWritten()
    {
        var whole = Draft("act") with
        {
            Node = "node_1",
            RemoteIp = "2001:db8::1",
            Reason = "because \"so\"",
            Before = """{"a":"1"}""",
            After = "",
        };
        AuditDraft[] drafts = [whole, Draft("act"), .. Given.StrangeIds.Select(id => new AuditDraft { Actor = id, Action = id, Resource = id, Reason = id, Before = id, After = id })];
        foreach (var draft in drafts)
        {
            await Store.AppendAuditAsync(draft, Token);
        }

        Assert.Equal(drafts, (await Store.ReadAuditAsync(0, 100, Token)).Select(static entry => entry.What));
        Assert.Null(await AuditCheck.VerifyAsync(Store, Token));
    }

    [Fact]
    public async Task Append_ManyInParallel_OneChain()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Store.AppendAuditAsync(Draft($"act.{i}"), Token).AsTask()));

        Assert.Equal(50, (await Store.FindAuditHeadAsync(Token)).Seq);
        Assert.Null(await AuditCheck.VerifyAsync(Store, Token));
    }

    [Fact]
    public async Task List_Filters_AreExactAndPage()
    {
        for (var i = 0; i < 6; i++)
        {
            await Store.AppendAuditAsync(Draft(i % 2 == 0 ? "even" : "odd") with { Actor = $"actor_{i % 3}", Resource = $"team/{i}" }, Token);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        await AssertListAsync(new AuditFilter(), 6, 5, 4, 3, 2, 1);
        await AssertListAsync(new AuditFilter { Action = "odd" }, 6, 4, 2);
        await AssertListAsync(new AuditFilter { Actor = "actor_1" }, 5, 2);
        await AssertListAsync(new AuditFilter { Actor = "actor_1", Action = "even" }, 5);
        await AssertListAsync(new AuditFilter { Resource = "team/3" }, 4);
        await AssertListAsync(new AuditFilter { From = Given.Start + TimeSpan.FromSeconds(2), To = Given.Start + TimeSpan.FromSeconds(4) }, 4, 3);
        await AssertListAsync(new AuditFilter { Action = "ODD" });
    }

    [Fact]
    public async Task Read_After_OldestFirstAtMost()
    {
        for (var i = 0; i < 4; i++)
        {
            await Store.AppendAuditAsync(Draft("act"), Token);
        }

        Assert.Equal([2, 3], (await Store.ReadAuditAsync(1, 2, Token)).Select(static entry => entry.Seq));
        Assert.Empty(await Store.ReadAuditAsync(4, 2, Token));
    }

    private static AuditDraft Draft(string action) => new() { Actor = "ada", Action = action, Resource = "team/team_1" };

    private async Task AssertListAsync(AuditFilter filter, params long[] expected)
    {
        var seen = new List<long>();
        long? before = null;
        do
        {
            var page = await Store.ListAuditAsync(filter, before, 2, Token);
            Assert.Equal(expected.Length, page.Total);
            seen.AddRange(page.Items.Select(static entry => entry.Seq));
            before = page.Next;
        }
        while (before is not null);

        Assert.Equal(expected, seen);
    }
}
