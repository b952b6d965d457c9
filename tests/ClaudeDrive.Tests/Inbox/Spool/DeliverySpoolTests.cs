using System.Diagnostics;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox.Spool;
using ClaudeDrive.Storage;
using Microsoft.Extensions.Logging;
using Xunit;

namespace ClaudeDrive.Tests.Inbox.Spool;

public sealed class DeliverySpoolTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_ThenReopen_EverythingComesBackInOrder()
    {
        await using var directory = new SpoolDirectory();
        await directory.FillAsync(20);

        await using var spool = directory.Open();

        Assert.Equal((20, directory.Time.GetUtcNow()), (spool.ReadStatus().Records, spool.ReadStatus().OldestReceivedAt));
        var arrivals = SpoolDirectory.Drain(spool);
        Assert.Equal(SpoolDirectory.Ids(Enumerable.Range(0, 20)), arrivals.Select(static arrival => arrival.Envelope.EventId));
        Assert.Equal(SpoolDirectory.Arrival(7).Body.ToArray(), arrivals[7].Body.ToArray());
        Assert.All(arrivals, static arrival => Assert.True(arrival.WasSpooled));
        Assert.Equal(SpoolStatus.Empty, spool.ReadStatus());
        Assert.Empty(directory.Segments);
    }

    [Fact]
    public async Task Append_ManyCallers_EachIsKeptOnceAndInTheOrderOfItsCaller()
    {
        await using var directory = new SpoolDirectory();
        await using (var spool = directory.Open(segmentBytes: 20_000))
        {
            await Task.WhenAll(Enumerable.Range(0, 32).Select(async caller =>
            {
                for (var i = 0; i < 50; i++)
                {
                    Assert.Equal(SpoolOutcome.Written, await spool.AppendAsync(SpoolDirectory.Arrival((caller * 1000) + i), Token));
                }
            }));
        }

        var ids = (await directory.ReopenAndDrainAsync()).Select(static id => int.Parse(id.AsSpan(5), System.Globalization.CultureInfo.InvariantCulture)).ToList();

        Assert.Equal(1600, ids.Distinct().Count());
        Assert.Equal(1600, ids.Count);
        Assert.All(ids.GroupBy(static id => id / 1000), static caller => Assert.Equal(caller.Order(), caller));
    }

    [Fact]
    public async Task Drain_WhileAppending_NothingIsLostAndEveryDrainedSegmentGoes()
    {
        await using var directory = new SpoolDirectory();
        await using var spool = directory.Open(segmentBytes: 5_000);
        var drained = new List<string>();
        var appending = Task.Run(
            async () =>
            {
                for (var i = 0; i < 500; i++)
                {
                    Assert.Equal(SpoolOutcome.Written, await spool.AppendAsync(SpoolDirectory.Arrival(i), Token));
                }
            },
            Token);
        while (drained.Count < 500)
        {
            var seen = spool.Version;
            drained.AddRange(SpoolDirectory.Drain(spool).Select(static arrival => arrival.Envelope.EventId));
            if (drained.Count < 500)
            {
                await spool.WaitAsync(seen, Token);
            }
        }

        await appending;
        Assert.Equal(SpoolDirectory.Ids(Enumerable.Range(0, 500)), drained);
        await spool.DisposeAsync();
        Assert.Empty(SpoolDirectory.Drain(spool));
        Assert.Empty(directory.Segments);
    }

    [Fact]
    public async Task Open_DrainedHalfway_GoesOnBehindTheMark()
    {
        await using var directory = new SpoolDirectory();
        await directory.FillAsync(10);
        await using (var spool = directory.Open())
        {
            var batch = spool.ReadNext()!;
            spool.Advance(batch, 4, 4);
            Assert.Equal(6, spool.ReadStatus().Records);
        }

        Assert.Equal(SpoolDirectory.Ids(Enumerable.Range(4, 6)), await directory.ReopenAndDrainAsync());
    }

    [Fact]
    public async Task Open_MarkLostOrTorn_DrainsTheSegmentAgain()
    {
        await using var directory = new SpoolDirectory();
        await directory.FillAsync(10);
        await using (var spool = directory.Open())
        {
            spool.Advance(spool.ReadNext()!, 4, 4);
        }

        using (var mark = File.OpenWrite(Path.Combine(directory.Path, "drained.mark")))
        {
            mark.Seek(16, SeekOrigin.Begin);
            mark.WriteByte(9);
        }

        Assert.Equal(SpoolDirectory.Ids(Enumerable.Range(0, 10)), await directory.ReopenAndDrainAsync());
    }

    [Fact]
    public async Task Open_SegmentOfAnotherDirectoryMovedIn_IsDrainedToo()
    {
        await using var dead = new SpoolDirectory();
        await dead.FillAsync(5);
        await using var directory = new SpoolDirectory();
        await directory.FillAsync(3);
        File.Copy(dead.Segments[0], Path.Combine(directory.Path, Path.GetFileName(dead.Segments[0])));

        Assert.Equal(8, (await directory.ReopenAndDrainAsync()).Count);
    }

    [Fact]
    public async Task Append_NoRoom_FullUntilSomethingIsDrained()
    {
        await using var directory = new SpoolDirectory();
        await using var spool = directory.Open(maxBytes: 3_000, segmentBytes: 1_000);
        var kept = 0;
        while (await spool.AppendAsync(SpoolDirectory.Arrival(kept), Token) == SpoolOutcome.Written)
        {
            kept++;
        }

        Assert.InRange(kept, 8, 12);
        Assert.Equal(SpoolOutcome.Full, await spool.AppendAsync(SpoolDirectory.Arrival(99), Token));
        Assert.Equal(["50", "80", "95"], Messages(directory, 2102).Select(static message => message.GetStructuredStateValue("Percent")));
        Assert.Single(Messages(directory, 2103));
        var oldest = spool.ReadNext()!;
        spool.Advance(oldest, oldest.Arrivals.Count, oldest.Arrivals.Count);
        Assert.Equal(SpoolOutcome.Written, await spool.AppendAsync(SpoolDirectory.Arrival(kept), Token));
        Assert.Equal(
            SpoolDirectory.Ids(Enumerable.Range(oldest.Arrivals.Count, kept + 1 - oldest.Arrivals.Count)),
            SpoolDirectory.Drain(spool).Select(static arrival => arrival.Envelope.EventId));
    }

    [Fact]
    public async Task Append_DiskRefuses_FailsAndWorksAgainAfterwards()
    {
        await using var directory = new SpoolDirectory();
        await File.WriteAllTextAsync(directory.Path, "a file where the directory should be", Token);
        await using var spool = directory.Make();

        Assert.Equal(SpoolOutcome.Failed, await spool.AppendAsync(SpoolDirectory.Arrival(1), Token));
        Assert.True(spool.ReadStatus().IsFailing);
        File.Delete(directory.Path);
        Assert.Equal(SpoolOutcome.Written, await spool.AppendAsync(SpoolDirectory.Arrival(2), Token));

        Assert.False(spool.ReadStatus().IsFailing);
        Assert.Equal(["wevt_2"], SpoolDirectory.Drain(spool).Select(static arrival => arrival.Envelope.EventId));
    }

    [Fact]
    public async Task Append_DiskHangs_IsLateForItsCallerAndComesThroughAfterwards()
    {
        await using var directory = new SpoolDirectory();
        Directory.CreateDirectory(directory.Path);

        // A pipe that nobody writes into holds the writer, which reads every segment before it begins one.
        var pipe = Path.Combine(directory.Path, "00000000000000000001-0000000000000001" + SegmentId.Extension);
        using (var make = Process.Start("mkfifo", pipe))
        {
            await make.WaitForExitAsync(Token);
        }

        await using var spool = directory.Make();
        spool.GoesFirst = true;
        using var patience = new CancellationTokenSource();
        var append = spool.AppendAsync(SpoolDirectory.Arrival(1), patience.Token);
        await patience.CancelAsync();

        Assert.Equal(SpoolOutcome.Late, await append);
        Assert.False(spool.GoesFirst);
        await using (new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            // The disk goes on.
        }

        Assert.Equal(SpoolOutcome.Written, await spool.AppendAsync(SpoolDirectory.Arrival(2), Token));
        Assert.Equal(SpoolDirectory.Ids([1, 2]), SpoolDirectory.Drain(spool).Select(static arrival => arrival.Envelope.EventId));
    }

    [Fact]
    public async Task Append_AfterClosing_Fails()
    {
        await using var directory = new SpoolDirectory();
        var spool = directory.Open();
        await spool.DisposeAsync();

        Assert.Equal(SpoolOutcome.Failed, await spool.AppendAsync(SpoolDirectory.Arrival(1), Token));
    }

    [Fact]
    public async Task Open_HeldByAnother_RefusedForGood()
    {
        await using var directory = new SpoolDirectory();
        await using var first = directory.Open();

        var refused = Assert.Throws<DriveStoreException>(() => directory.Open());

        Assert.True(refused.IsPermanent);
        Assert.Contains("another process", refused.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<Microsoft.Extensions.Logging.Testing.FakeLogRecord> Messages(SpoolDirectory directory, int id) =>
        directory.Log.Collector.GetSnapshot().Where(record => record.Id.Id == id && record.Level >= LogLevel.Warning);
}
