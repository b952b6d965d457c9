using System.Text.RegularExpressions;
using ClaudeDrive.Sqlite.Connections;
using Xunit;

namespace ClaudeDrive.Stores.Tests.Sqlite;

/// <summary>No statement on the way of an event, and no list that everybody opens, may cost more when the history is longer.</summary>
public sealed partial class SqliteQueryPlanTests : SqliteStoreTest
{
    /// <summary>Statements that walk a whole table or index on purpose, with the reason.</summary>
    private static readonly Dictionary<string, string> Walks = new(StringComparer.Ordinal)
    {
        ["EndLeases"] = "once, at start, over the index of unfinished work",
        ["CountWork"] = "walks the index of unfinished work, for people",
        ["CountLeases"] = "as CountWork",
        ["CountEvents"] = "total of a filter without an index, up to RowTotal.MaxCounted",
        ["CountDeliveries"] = "as CountEvents",
        ["CountHeads"] = "as CountEvents",
        ["CountReviews"] = "as CountEvents",
        ["ListHeads"] = "walks an index backwards from the newest row until the page is full",
        ["ReviewIds"] = "walks the blockers that were asked for",
        ["DeadResources"] = "walks the index of dead letters",
        ["RetryDead"] = "as DeadResources",
        ["DiscardDead"] = "as DeadResources",
        ["ListTeams"] = "all of them, and bounded when they are made",
        ["CountTeams"] = "as ListTeams",
        ["ListKeys"] = "as ListTeams",
        ["CountKeys"] = "as ListTeams, over the index of keys that are not revoked",
        ["CountAudit"] = "as CountEvents",
        ["CountEventStatesSeen"] = "what somebody sees is asked of every event, for the numbers that people ask for",
        ["CountReviewStatesSeen"] = "as CountEventStatesSeen, of every item",
        ["CountWorkSeen"] = "as CountWork",
    };

    private const string Positions = "SELECT h.revision_seq FROM contexts h INDEXED BY contexts_by_workspace WHERE h.workspace_id = 'w'";

    public static TheoryData<string> Statements { get; } =
        [.. SqlCatalog.Names.Where(name => !name.EndsWith("Columns", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task Plan_EveryStatement_SearchesAnIndex(string name)
    {
        // Where a query of positions is asked for, that of one workspace.
        var plan = await ExplainAsync(name, name.EndsWith("Among", StringComparison.Ordinal) ? Positions : "1");

        Assert.NotEmpty(plan);
        if (!Walks.ContainsKey(name))
        {
            // A subquery's own steps stand in the plan too.
            Assert.DoesNotContain(
                plan,
                step => step.StartsWith("SCAN", StringComparison.Ordinal) && !step.StartsWith("SCAN (subquery", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("DueWork", "work_due")]
    [InlineData("NextDue", "work_due")]
    [InlineData("CountWork", "work_due")]
    [InlineData("DeleteCooled", "work_cooling")]
    [InlineData("PendingEvents", "events_pending")]
    [InlineData("NotePending", "events_pending")]
    [InlineData("ParkPending", "events_pending")]
    [InlineData("SupersedePending", "events_pending")]
    [InlineData("ApplyPending", "events_pending")]
    [InlineData("CoverDead", "events_dead")]
    [InlineData("DeadResources", "events_dead")]
    [InlineData("RetryDead", "events_dead")]
    [InlineData("DiscardDead", "events_dead")]
    [InlineData("WaitingReviews", "reviews_waiting")]
    [InlineData("DueSends", "reviews_due")]
    [InlineData("ListHeads", "contexts_by_change")]
    [InlineData("KeepEventId", "deliveries_by_event")]
    public async Task Plan_HotStatement_UsesItsPartialIndex(string name, string index) =>
        Assert.Contains(await ExplainAsync(name), step => step.Contains($"INDEX {index}", StringComparison.Ordinal));

    [Theory]
    [InlineData("EventWindow", "events")]
    [InlineData("DeleteFinished", "events")]
    [InlineData("DeliveryWindow", "deliveries")]
    [InlineData("DeleteDeliveries", "deliveries")]
    public async Task Plan_RetentionStep_GoesByPosition(string name, string table)
    {
        var plan = await ExplainAsync(name);

        Assert.StartsWith($"SEARCH {table} USING INTEGER PRIMARY KEY (rowid>?", plan[0], StringComparison.Ordinal);
        Assert.DoesNotContain(plan, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("event_id = @x", "events_by_id")]
    [InlineData("((state = 0 AND resource_id = @x) OR (state <> 0 AND resource_id = @x))", "events_by_resource")]
    [InlineData("((state = 0 AND resource_id = @x) OR (state <> 0 AND resource_id = @x))", "events_pending")]
    [InlineData("(session_id = @x OR (state = 0 AND resource_id = @x) OR (state <> 0 AND resource_id = @x))", "events_by_session")]
    [InlineData("state = 3", "events_dead_in_order")]
    public async Task Plan_FilteredEvents_UseAnIndex(string where, string index) =>
        Assert.Contains(
            await ExplainAsync("ListEvents", where),
            step => step.Contains($"INDEX {index}", StringComparison.Ordinal));

    private async Task<IReadOnlyList<string>> ExplainAsync(string name, string where = "1") => await Store.ReadAsync(
        database =>
        {
            var steps = new List<string>();
            var sql = SqlCatalog.Find(name).Replace("{where}", where, StringComparison.Ordinal);
            using var rows = new SqliteStatement(database.Handle, "EXPLAIN QUERY PLAN " + sql, kept: false);
            while (rows.Step())
            {
                (_, _, _) = (rows.Int64(), rows.Int64(), rows.Int64());
                steps.Add(rows.Text());
            }

            return steps.Count == 0 && Insert().IsMatch(sql) ? ["INSERT"] : (IReadOnlyList<string>)steps;
        },
        Token);

    [GeneratedRegex("^(--[^\n]*\n)*INSERT ")]
    private static partial Regex Insert();
}
