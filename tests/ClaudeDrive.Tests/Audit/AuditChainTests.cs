using ClaudeDrive.Audit;
using Xunit;

namespace ClaudeDrive.Tests.Audit;

public sealed class AuditChainTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, 123, 456, TimeSpan.Zero);

    private static readonly AuditDraft First = new()
    {
        Actor = "ada",
        Node = "node_1",
        Action = "team.create",
        Resource = "team/team_1",
        Reason = "because",
        Before = "",
        After = """{"name":"Bücher"}""",
    };

    private static readonly AuditDraft Second = new() { Actor = "bob", RemoteIp = "192.0.2.1", Action = "key.revoke", Resource = "key/key_1" };

    // Computed by another program from the description of the form: lengths of 32 bits, 0 or 1 before what may be absent.
    [Fact]
    public void Link_TwoRows_HaveTheHashesOfTheForm()
    {
        var one = AuditHash.Link(AuditHead.Empty, First, At.AddTicks(7));
        var two = AuditHash.Link(new AuditHead(one.Seq, one.Hash), Second, At.AddMicroseconds(1));

        Assert.Equal((1, At), (one.Seq, one.At));
        Assert.Equal("1e586a66bae81edd16cf691e0c1e751bdb3323003ce4c341eb13395866848bb0", one.Hash);
        Assert.Equal((2, one.Hash), (two.Seq, two.PreviousHash));
        Assert.Equal("011f28103f986e0cf414414b2a195e9a7de3ec1ff4e72373ecc7ed850e3befdc", two.Hash);
    }

    [Fact]
    public void Check_WholeLog_IsGoodAndKnowsItsEnd()
    {
        var log = Log(4);
        var chain = new AuditChain();

        Assert.All(log, entry => Assert.Null(chain.Check(entry)));
        Assert.Equal(new AuditHead(4, log[3].Hash), chain.End);
        Assert.Null(chain.Finish(chain.End));
    }

    [Fact]
    public void Check_RowEditedAndHashedAnew_NamesThatRow()
    {
        var log = Log(4);
        var forged = log[1] with { What = log[1].What with { Actor = "somebody" } };
        log[1] = forged with { Hash = AuditHash.Of(forged) };

        Assert.Equal(new AuditFault(2, AuditFaultKind.Edited), Verify(log, null));
    }

    [Fact]
    public void Check_RowsExchangedOrRepeated_IsNamed()
    {
        var log = Log(4);

        Assert.Equal(new AuditFault(2, AuditFaultKind.Removed), Verify([log[0], log[2], log[1], log[3]], null));
        Assert.Equal(new AuditFault(2, AuditFaultKind.OutOfOrder), Verify([log[0], log[0], log[1]], null));
    }

    // What the chain alone cannot find, and what an end that was noted elsewhere finds.
    [Fact]
    public void Finish_LogRewrittenFromARowOn_OnlyAKnownEndTells()
    {
        var log = Log(4);
        var known = new AuditHead(4, log[3].Hash);
        var rewritten = log[..2];
        rewritten.Add(AuditHash.Link(new AuditHead(2, log[1].Hash), Second, At));
        rewritten.Add(AuditHash.Link(new AuditHead(3, rewritten[2].Hash), Second, At));

        Assert.Null(Verify(rewritten, null));
        Assert.Equal(new AuditFault(4, AuditFaultKind.Edited), Verify(rewritten, known));
        Assert.Equal(new AuditFault(3, AuditFaultKind.Removed), Verify(log[..2], known));
    }

    private static List<AuditEntry> Log(int rows)
    {
        var log = new List<AuditEntry>();
        var head = AuditHead.Empty;
        for (var i = 0; i < rows; i++)
        {
            var entry = AuditHash.Link(head, First, At.AddSeconds(i));
            log.Add(entry);
            head = new AuditHead(entry.Seq, entry.Hash);
        }

        return log;
    }

    private static AuditFault? Verify(IEnumerable<AuditEntry> log, AuditHead? known)
    {
        var chain = new AuditChain();
        return log.Select(chain.Check).FirstOrDefault(static fault => fault is not null) ?? (known is { } end ? chain.Finish(end) : null);
    }
}
