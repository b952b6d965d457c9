using System.Collections.Concurrent;
using ClaudeDrive.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Inbox;
using ClaudeDrive.Sqlite;
using Xunit;

namespace ClaudeDrive.Stores.Tests.Sqlite;

/// <summary>
/// What is left after a crash: a copy of the files at some moment of a storm. Checkpoints are off meanwhile, since a copy of two files is a
/// picture of one moment only while one of them stands still.
/// </summary>
public sealed class SqliteCrashTests : SqliteStoreTest
{
    private const int Callers = 16;
    private const int PerCaller = 60;

    private static readonly string[] Files = ["claudedrive.db", "claudedrive.db-wal"];

    [Fact]
    public async Task Open_FilesCopiedDuringStorm_EveryAnsweredEventIsThere()
    {
        for (var round = 0; round < 3; round++)
        {
            var seed = Environment.TickCount + round;
            TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
            var copyAt = new Random(seed).Next(1, Callers * PerCaller);
            var store = await OpenAsync(Directories.Add(), checkpointPages: int.MaxValue);
            var (copy, answered) = await StormAsync(store, Directories.Newest, copyAt);

            var reopened = await OpenAsync(copy);

            await AssertConsistentAsync(reopened);
            foreach (var eventId in answered)
            {
                Assert.NotNull(await reopened.FindEventAsync(Sight.Everything, Given.Endpoint, eventId, Token));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_LogTailDamaged_OpensAsOfAnEarlierCommit(bool flip)
    {
        var original = Directories.Add();
        var store = await OpenAsync(original, checkpointPages: int.MaxValue);
        for (var i = 0; i < 40; i++)
        {
            await store.StoreAsync(Given.Arrival($"wevt_{i}", $"sesn_{i % 5}"), Token);
        }

        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 8; round++)
        {
            var copy = Copy(original);
            Damage(Path.Combine(copy, Files[1]), random, flip);

            await using var reopened = await OpenAsync(copy);

            await AssertConsistentAsync(reopened);
            var page = await reopened.ListEventsAsync(Sight.Everything, new EventFilter(), new PageRequest(200), Token);
            Assert.Equal(Enumerable.Range(0, page.Items.Count).Reverse().Select(i => $"wevt_{i}"), page.Items.Select(e => e.Envelope.EventId));
            Assert.True(await reopened.StoreAsync(Given.Arrival("wevt_after"), Token));
        }
    }

    private async Task<(string Copy, IReadOnlyList<string> Answered)> StormAsync(SqliteDriveStore store, string directory, int copyAt)
    {
        var answered = new ConcurrentBag<string>();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        var storm = Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            await Task.Yield();
            for (var i = 0; i < PerCaller; i++)
            {
                var eventId = $"wevt_{i}_{caller}";
                await store.StoreAsync(Given.Arrival(eventId, $"sesn_{caller % 5}"), Token);
                answered.Add(eventId);
                if (Interlocked.Increment(ref count) == copyAt)
                {
                    reached.SetResult();
                }
            }
        }));
        await reached.Task.WaitAsync(StoreConformance.Timeout, Token);
        var before = answered.ToArray();
        var copy = Copy(directory);
        await storm;
        return (copy, before);
    }

    private string Copy(string directory)
    {
        var copy = Directories.Add();
        foreach (var file in Files)
        {
            using var from = new FileStream(Path.Combine(directory, file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var to = File.Create(Path.Combine(copy, file));
            from.CopyTo(to);
        }

        return copy;
    }

    private static void Damage(string log, Random random, bool flip)
    {
        using var file = new FileStream(log, FileMode.Open, FileAccess.ReadWrite);
        var at = random.NextInt64(file.Length / 2, file.Length);
        if (!flip)
        {
            file.SetLength(at);
            return;
        }

        file.Position = at;
        var value = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(value ^ (1 << random.Next(8))));
    }
}
