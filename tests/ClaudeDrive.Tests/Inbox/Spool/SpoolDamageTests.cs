using ClaudeDrive.Inbox.Spool;
using Xunit;

namespace ClaudeDrive.Tests.Inbox.Spool;

/// <summary>What a power cut or a rotting disk leaves of the files, and what comes back.</summary>
public sealed class SpoolDamageTests
{
    private const int Records = 6;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_CutAtEveryByteOfTheTail_KeepsWhatIsWholeAndGoesOn()
    {
        await using var original = new SpoolDirectory();
        await original.FillAsync(Records);
        var bytes = await File.ReadAllBytesAsync(original.Segments[0], Token);
        var scan = SegmentScan.Of(bytes, SpoolFormat.HeaderBytes, 0, SegmentId.FromFileName(original.Segments[0])!.Value.Seed);
        for (var cut = scan.Records[^2].Offset; cut < bytes.Length; cut++)
        {
            await using var directory = Copy(original, bytes.AsSpan(0, cut));
            var whole = scan.Records.Count(record => record.Offset + record.Length <= cut);
            await using (var spool = directory.Open())
            {
                Assert.Equal(SpoolOutcome.Written, await spool.AppendAsync(SpoolDirectory.Arrival(99), Token));
            }

            Assert.Equal([.. SpoolDirectory.Ids(Enumerable.Range(0, whole)), "wevt_99"], await directory.ReopenAndDrainAsync());
        }
    }

    [Fact]
    public async Task Open_AnyBitFlipped_LosesNoOtherRecordAndKeepsThatOneAside()
    {
        await using var original = new SpoolDirectory();
        await original.FillAsync(Records);
        var bytes = await File.ReadAllBytesAsync(original.Segments[0], Token);
        var scan = SegmentScan.Of(bytes, SpoolFormat.HeaderBytes, 0, SegmentId.FromFileName(original.Segments[0])!.Value.Seed);
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 150; round++)
        {
            var at = random.Next(bytes.Length);
            var damaged = bytes.ToArray();
            damaged[at] ^= (byte)(1 << random.Next(8));
            await using var directory = Copy(original, damaged);
            var hit = scan.Records.ToList().FindIndex(record => at >= record.Offset - SpoolFormat.RecordOverhead && at < record.Offset + record.Length);

            var ids = await directory.ReopenAndDrainAsync();

            Assert.Equal(SpoolDirectory.Ids(Enumerable.Range(0, Records).Where(number => number != hit)), ids);
            Assert.Equal(hit < 0 ? 0 : 1, directory.Aside.Count);
            Assert.Empty(directory.Segments);
        }
    }

    [Fact]
    public async Task Open_LengthOfTheLastRecordFlipped_IsToldAsDamageNotAsAWriteCutShort()
    {
        await using var original = new SpoolDirectory();
        await original.FillAsync(Records);
        var bytes = await File.ReadAllBytesAsync(original.Segments[0], Token);
        var scan = SegmentScan.Of(bytes, SpoolFormat.HeaderBytes, 0, SegmentId.FromFileName(original.Segments[0])!.Value.Seed);
        for (var bit = 0; bit < 32; bit++)
        {
            var damaged = bytes.ToArray();
            damaged[scan.Records[^1].Offset - SpoolFormat.RecordOverhead + 4 + (bit / 8)] ^= (byte)(1 << (bit % 8));
            await using var directory = Copy(original, damaged);

            Assert.Equal(SpoolDirectory.Ids(Enumerable.Range(0, Records - 1)), await directory.ReopenAndDrainAsync());

            Assert.EndsWith(".damaged", Assert.Single(directory.Aside), StringComparison.Ordinal);
            Assert.Contains(directory.Log.Collector.GetSnapshot(), static record => record.Id.Id == 2105);
        }
    }

    [Fact]
    public async Task Drain_RecordRotsAfterOpening_IsSetAsideLoudlyOnceAndTheRestGoesOn()
    {
        await using var directory = new SpoolDirectory();
        await directory.FillAsync(Records);
        await using var spool = directory.Open();
        var bytes = await File.ReadAllBytesAsync(directory.Segments[0], Token);
        var scan = SegmentScan.Of(bytes, SpoolFormat.HeaderBytes, 0, SegmentId.FromFileName(directory.Segments[0])!.Value.Seed);
        var at = scan.Records[2].Offset;
        bytes[at] ^= 4;
        await using (var file = new FileStream(directory.Segments[0], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Seek(at, SeekOrigin.Begin);
            file.WriteByte(bytes[at]);
        }

        _ = spool.ReadNext();
        var ids = SpoolDirectory.Drain(spool).Select(static arrival => arrival.Envelope.EventId);

        Assert.Equal(SpoolDirectory.Ids([0, 1, 3, 4, 5]), ids);
        Assert.EndsWith(".damaged", Assert.Single(directory.Aside), StringComparison.Ordinal);
        Assert.Single(directory.Log.Collector.GetSnapshot(), static record => record.Id.Id == 2105);
    }

    [Fact]
    public async Task Open_HeaderAndNameBothUnreadable_TheWholeFileIsKeptAside()
    {
        await using var directory = new SpoolDirectory();
        await directory.FillAsync(1);
        await directory.FillAsync(1, segmentBytes: 1);
        var bytes = await File.ReadAllBytesAsync(directory.Segments[0], Token);
        File.Delete(directory.Segments[0]);
        bytes[9] ^= 1;
        await File.WriteAllBytesAsync(Path.Combine(directory.Path, "renamed.spool"), bytes, Token);

        Assert.Equal(["wevt_0"], await directory.ReopenAndDrainAsync());

        Assert.Equal(bytes, await File.ReadAllBytesAsync(Assert.Single(directory.Aside), Token));
    }

    [Fact]
    public async Task Open_RenamedSegment_IsReadByItsHeader()
    {
        await using var directory = new SpoolDirectory();
        await directory.FillAsync(3);
        File.Move(directory.Segments[0], Path.Combine(directory.Path, "saved.spool"));

        Assert.Equal(SpoolDirectory.Ids([0, 1, 2]), await directory.ReopenAndDrainAsync());
    }

    [Fact]
    public async Task Open_OnlyHalfAHeader_NothingWasPromisedAndNothingIsLeft()
    {
        await using var directory = new SpoolDirectory();
        Directory.CreateDirectory(directory.Path);
        await File.WriteAllBytesAsync(Path.Combine(directory.Path, new SegmentId(1, 1).FileName), new byte[10], Token);

        Assert.Empty(await directory.ReopenAndDrainAsync());

        Assert.Empty(directory.Segments);
        Assert.Empty(directory.Aside);
    }

    private static SpoolDirectory Copy(SpoolDirectory original, ReadOnlySpan<byte> bytes)
    {
        var copy = new SpoolDirectory();
        Directory.CreateDirectory(copy.Path);
        File.WriteAllBytes(Path.Combine(copy.Path, Path.GetFileName(original.Segments[0])), bytes);
        return copy;
    }
}
