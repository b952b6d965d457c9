using ClaudeDrive.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Inbox;
using Xunit;

namespace ClaudeDrive.Stores.Tests.Sqlite;

/// <summary>What a step of retention costs the file and the writer.</summary>
public sealed class SqliteRetentionStepTests : SqliteStoreTest
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(90);

    [Fact]
    public async Task Delete_LongBodies_EndsTheStepEarly()
    {
        await FillAsync(0, 10, new byte[256 * 1024]);
        Time.Advance(KeepFor * 2);

        var step = await Store.DeleteFinishedAsync(new(RetainedRows.Events, KeepFor, 0, 500), Token);

        Assert.Equal((4, false), (step.Deleted, step.IsLast));
        await AssertConsistentAsync(Store);
    }

    [Fact]
    public async Task Delete_ThenStoreAsMuchAgain_TheFileDoesNotGrow()
    {
        await FillAsync(0, 400, new byte[500]);
        Time.Advance(KeepFor * 2);
        await DeleteAllAsync();
        var pages = await Store.ReadAsync(database => database.ReadNumber("PRAGMA page_count"), Token);
        Assert.True(await Store.ReadAsync(database => database.ReadNumber("PRAGMA freelist_count"), Token) > pages / 2);

        await FillAsync(400, 400, new byte[500]);

        Assert.InRange(await Store.ReadAsync(database => database.ReadNumber("PRAGMA page_count"), Token), 1, pages + 4);
        await AssertConsistentAsync(Store);
    }

    [Fact]
    public async Task Reopen_AllButTheNewestDeleted_PositionsGoOn()
    {
        await FillAsync(0, 5, "{}"u8.ToArray());
        var newest = (await Store.ReadEventsAsync(Sight.Everything, 0, 10, Token)).Items[^1].Seq;
        Time.Advance(KeepFor * 2);
        await DeleteAllAsync();
        await Store.DisposeAsync();

        var again = await OpenAsync(Directories.Newest);
        await again.StoreAsync(Given.Arrival("wevt_next"), Token);

        Assert.Equal([newest, newest + 1], ((await again.ReadEventsAsync(Sight.Everything, 0, 10, Token)).Items).Select(e => e.Seq));
        Assert.Equal([newest + 1, newest], (await again.ListDeliveriesAsync(Sight.Everything, new(), new(10), Token)).Items.Select(d => d.Seq));
        await AssertConsistentAsync(again);
    }

    private async Task FillAsync(int first, int count, byte[] body)
    {
        for (var i = first; i < first + count; i++)
        {
            await Store.StoreAsync(Given.Arrival(Given.Envelope($"wevt_{i:0000}") with { Resource = null }) with { Body = body, ReceivedAt = Time.GetUtcNow() }, Token);
        }
    }

    private async Task DeleteAllAsync()
    {
        foreach (var rows in Enum.GetValues<RetainedRows>())
        {
            Assert.True((await Store.DeleteFinishedAsync(new(rows, KeepFor, 0, 10_000), Token)).IsLast);
        }
    }
}
