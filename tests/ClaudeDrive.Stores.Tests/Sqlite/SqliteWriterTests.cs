using ClaudeDrive.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.Storage;
using SQLitePCL;
using Xunit;

namespace ClaudeDrive.Stores.Tests.Sqlite;

public sealed class SqliteWriterTests : SqliteStoreTest
{
    [Fact]
    public async Task Store_QueueFull_RefusedAtOnce()
    {
        var store = await OpenAsync(Directories.Add(), queueCapacity: 2);
        var hold = await HoldWriterAsync(store);
        var first = store.StoreAsync(Given.Arrival("wevt_1"), Token);
        var second = store.StoreAsync(Given.Arrival("wevt_2"), Token);

        await Assert.ThrowsAsync<DriveStoreException>(async () => await store.StoreAsync(Given.Arrival("wevt_3"), Token));

        await hold.DisposeAsync();
        Assert.True(await first);
        Assert.True(await second);
        Assert.True(await store.StoreAsync(Given.Arrival("wevt_3"), Token));
    }

    [Fact]
    public async Task Store_CancelledWhileQueued_IsWithdrawn()
    {
        using var cancellation = new CancellationTokenSource();
        var hold = await HoldWriterAsync(Store);
        var stored = Store.StoreAsync(Given.Arrival("wevt_1"), cancellation.Token);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stored);

        await hold.DisposeAsync();
        Assert.Null(await Store.FindEventAsync(Sight.Everything, null, "wevt_1", Token));
        Assert.True(await Store.StoreAsync(Given.Arrival("wevt_1"), Token));
    }

    [Fact]
    public async Task Store_CancelledBeforeCommit_AnswersAtOnceAndIsStored()
    {
        using var cancellation = new CancellationTokenSource();
        var first = await HoldWriterAsync(Store);
        var stored = Store.StoreAsync(Given.Arrival("wevt_1"), cancellation.Token);
        await using var second = new WriterHold();
        second.Begin(Store);
        await first.DisposeAsync();
        await second.Held.WaitAsync(StoreConformance.Timeout, Token);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stored);

        await second.DisposeAsync();
        Assert.False(await Store.StoreAsync(Given.Arrival("wevt_1"), Token));
        Assert.True(await Store.StoreAsync(Given.Arrival("wevt_2"), Token));
    }

    [Fact]
    public async Task Store_ManyCallersSomeCancelled_EachAnswerIsTrue()
    {
        const int Callers = 400;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Callers).Select(async i =>
        {
            await Task.Yield();
            using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var stored = Store.StoreAsync(Given.Arrival($"wevt_{i}", $"sesn_{i % 7}"), cancellation.Token);
            if (i % 3 == 0)
            {
                await cancellation.CancelAsync();
            }

            try
            {
                return await stored ? "new" : "known";
            }
            catch (OperationCanceledException)
            {
                return "given up";
            }
        }));

        Assert.DoesNotContain("known", outcomes);
        for (var i = 0; i < Callers; i++)
        {
            if (outcomes[i] == "new")
            {
                Assert.NotNull(await Store.FindEventAsync(Sight.Everything, Given.Endpoint, $"wevt_{i}", Token));
            }
        }

        await AssertConsistentAsync(Store);
    }

    [Fact]
    public async Task Write_OneJobFails_OthersOfItsBatchAreKept()
    {
        var hold = await HoldWriterAsync(Store);
        var before = Store.StoreAsync(Given.Arrival("wevt_1"), Token);
        var failing = Store.WriteAsync<bool>(
            scope =>
            {
                scope.Database.Execute("DELETE FROM events");
                scope.Count("events/0", -7);
                throw new InvalidOperationException("a bug");
            },
            Token);
        var after = Store.StoreAsync(Given.Arrival("wevt_2"), Token);

        await hold.DisposeAsync();

        Assert.True(await before);
        Assert.True(await after);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await failing);
        await AssertConsistentAsync(Store);
        Assert.Equal(2, (await Store.CountAsync(Sight.Everything, Given.Start, Token)).Events[EventState.Pending]);
    }

    [Fact]
    public async Task Store_CommitFails_NothingIsStoredAndTheNextSucceeds()
    {
        // A commit hook that answers 1 makes SQLite refuse the commit.
        var refuse = true;
        delegate_commit hook = _ => refuse ? 1 : 0;
        await Store.WriteAsync(
            scope =>
            {
                raw.sqlite3_commit_hook(scope.Database.Handle, hook, null);
                refuse = false;
                return true;
            },
            Token);
        refuse = true;

        await Assert.ThrowsAsync<DriveStoreException>(async () => await Store.StoreAsync(Given.Arrival("wevt_1"), Token));
        await Assert.ThrowsAsync<DriveStoreException>(async () => await Store.CheckAsync(Token));
        Assert.Null(await Store.FindEventAsync(Sight.Everything, null, "wevt_1", Token));

        refuse = false;
        Assert.True(await Store.StoreAsync(Given.Arrival("wevt_1"), Token));
        await AssertConsistentAsync(Store);
        GC.KeepAlive(hook);
    }

    [Fact]
    public async Task Store_DatabaseFull_FailsUntilThereIsRoom()
    {
        var pages = await Store.ReadAsync(database => database.ReadNumber("PRAGMA page_count"), Token);
        await ExecuteAsync(Store, $"PRAGMA max_page_count = {pages}");
        var large = Given.Arrival("wevt_large") with { Body = new byte[200_000] };

        var failure = await Assert.ThrowsAsync<DriveStoreException>(async () => await Store.StoreAsync(large, Token));
        Assert.Contains("full", failure.Message, StringComparison.Ordinal);
        Assert.Null(await Store.FindEventAsync(Sight.Everything, null, "wevt_large", Token));

        await ExecuteAsync(Store, "PRAGMA max_page_count = 1073741823");
        Assert.True(await Store.StoreAsync(large, Token));
        await AssertConsistentAsync(Store);
    }

    [Fact]
    public async Task Dispose_WritesWaiting_TheyAreStored()
    {
        var hold = await HoldWriterAsync(Store);
        var stored = Store.StoreAsync(Given.Arrival("wevt_1"), Token);
        var disposed = Store.DisposeAsync().AsTask();
        await hold.DisposeAsync();

        Assert.True(await stored);
        await disposed;
        await Assert.ThrowsAsync<DriveStoreException>(async () => await Store.StoreAsync(Given.Arrival("wevt_2"), Token));
        await Assert.ThrowsAsync<DriveStoreException>(async () => await Store.CountAsync(Sight.Everything, Given.Start, Token));
        var again = await OpenAsync(Directories.Newest);
        Assert.NotNull(await again.FindEventAsync(Sight.Everything, null, "wevt_1", Token));
    }
}
