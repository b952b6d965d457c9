using ClaudeDrive.Audit;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <summary>The check names what was altered behind the store's back: for stores whose rows something else can reach.</summary>
public abstract class AuditTamperingConformance : StoreConformance
{
    [Theory]
    [InlineData("UPDATE {audit} SET actor = 'somebody' WHERE seq = 3", 3, AuditFaultName.Edited)]
    [InlineData("UPDATE {audit} SET reason = NULL WHERE seq = 3", 3, AuditFaultName.Edited)]
    [InlineData("UPDATE {audit} SET at = at + 10 WHERE seq = 1", 1, AuditFaultName.Edited)]
    [InlineData("UPDATE {audit} SET before = after, after = before WHERE seq = 2", 2, AuditFaultName.Edited)]
    [InlineData("UPDATE {audit} SET hash = previous_hash WHERE seq = 4", 4, AuditFaultName.Edited)]
    [InlineData("DELETE FROM {audit} WHERE seq = 1", 1, AuditFaultName.Removed)]
    [InlineData("DELETE FROM {audit} WHERE seq = 3", 3, AuditFaultName.Removed)]
    [InlineData("DELETE FROM {audit} WHERE seq IN (2, 3)", 2, AuditFaultName.Removed)]
    [InlineData("DELETE FROM {audit} WHERE seq >= 4", 4, AuditFaultName.Removed)]
    [InlineData("DELETE FROM {audit}", 1, AuditFaultName.Removed)]
    public async Task Verify_AlteredBehindTheStore_NamesTheFirstRow(string sql, long seq, AuditFaultName kind)
    {
        for (var i = 0; i < 5; i++)
        {
            await Store.AppendAuditAsync(Draft($"act.{i}") with { Reason = "why", After = $$"""{"n":"{{i}}"}""" }, Token);
            Time.Advance(Tick);
        }

        await AlterAsync(sql);

        Assert.Equal(new AuditFault(seq, (AuditFaultKind)kind), await AuditCheck.VerifyAsync(Store, Token));
    }

    [Fact]
    public async Task Verify_RowAddedBehindTheStore_IsNamed()
    {
        await Store.AppendAuditAsync(Draft("one"), Token);
        await Store.AppendAuditAsync(Draft("two"), Token);
        await AlterAsync(
            "INSERT INTO {audit} (seq, at, actor, action, resource, previous_hash, hash) "
            + "SELECT 3, at, actor, action, resource, hash, hash FROM {audit} WHERE seq = 2");

        Assert.Equal(new AuditFault(3, AuditFaultKind.Edited), await AuditCheck.VerifyAsync(Store, Token));
    }

    /// <summary>Runs a statement on the rows, past the store; <c>{audit}</c> is the table.</summary>
    protected abstract Task AlterAsync(string sql);

    private static AuditDraft Draft(string action) => new() { Actor = "ada", Action = action, Resource = "team/team_1" };
}

/// <summary><see cref="AuditFaultKind"/> for test data, which must be public.</summary>
public enum AuditFaultName
{
    Edited = AuditFaultKind.Edited,
    Removed = AuditFaultKind.Removed,
}
