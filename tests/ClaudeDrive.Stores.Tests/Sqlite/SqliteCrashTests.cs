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

    /// <summary>
    /// The log is cut, or a bit of it is flipped, anywhere behind the first commit: every commit before that is there, unchanged, and nothing of any
    /// after it. What a power cut leaves is behind the last flush, so that it costs nothing acknowledged. A flip in front of it is a disk that lies:
    /// SQLite takes it for the end of the log, and says nothing of the acknowledged commits behind.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_LogDamaged_KeepsEveryCommitBeforeAndNothingWrong(bool flip)
    {
        const int Events = 40;
        var original = Directories.Add();
        var store = await OpenAsync(original, checkpointPages: int.MaxValue);
        var log = new FileInfo(Path.Combine(original, Files[1]));
        var ends = new List<long>();
        for (var i = 0; i < Events; i++)
        {
            await store.StoreAsync(Arrival(i), Token);
            log.Refresh();
            ends.Add(log.Length);
        }

        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 16; round++)
        {
            var copy = Copy(original);
            var at = Damage(Path.Combine(copy, Files[1]), random.NextInt64(ends[0], ends[^1]), random.Next(8), flip);

            await using var reopened = await OpenAsync(copy);

            await AssertConsistentAsync(reopened);
            var whole = ends.Count(end => end <= at);
            var page = await reopened.ListEventsAsync(Sight.Everything, new EventFilter(), new PageRequest(200), Token);
            Assert.Equal(Enumerable.Range(0, whole).Reverse().Select(i => $"wevt_{i}"), page.Items.Select(e => e.Envelope.EventId));
            for (var i = 0; i < whole; i++)
            {
                var found = await reopened.FindEventAsync(Sight.Everything, Given.Endpoint, $"wevt_{i}", Token);
                Assert.True(Arrival(i).Body.Span.SequenceEqual(found!.Value.Body.Span), $"seed {seed}: the body of wevt_{i} changed");
            }

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

    private static InboxArrival Arrival(int number) => Given.Arrival($"wevt_{number}", $"sesn_{number % 5}") with { Body = Given.Body($"wevt_{number}") };

    private static long Damage(string log, long at, int bit, bool flip)
    {
        using var file = new FileStream(log, FileMode.Open, FileAccess.ReadWrite);
        if (!flip)
        {
            file.SetLength(at);
            return at;
        }

        file.Position = at;
        var value = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(value ^ (1 << bit)));
        return at;
    }
}
