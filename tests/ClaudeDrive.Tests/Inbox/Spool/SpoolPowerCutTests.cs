using ClaudeDrive.Inbox.Spool;
using CsCheck;
using Xunit;

namespace ClaudeDrive.Tests.Inbox.Spool;

/// <summary>
/// A power cut during a write. What was flushed is on the disk; of what was not, each sector is there, is still zero, or holds what was there before, and the
/// file may end anywhere in it. That is all that this claims: a disk that changes sectors which it said were safe is no power cut, and
/// <see cref="SpoolDamageTests"/> says what that costs. A failure is shrunk and prints its seed.
/// </summary>
public sealed class SpoolPowerCutTests
{
    private const int Sector = 512;

    private static readonly Gen<byte[][]> Payloads = Gen.OneOf(Gen.Byte.Array[1, 100], Gen.Byte.Array[400, 1_200]).Array[0, 6];

    private static readonly Gen<Fate[]> Fates = Gen.Frequency((3, Fate.Written), (1, Fate.Zero), (1, Fate.Stale)).Array[1, 12];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private enum Fate
    {
        Written,
        Zero,
        Stale,
    }

    [Fact]
    public void Scan_WriteCutAnywhere_KeepsEverythingFlushedAndNothingWrong() =>
        Gen.Select(Payloads, Payloads, Fates, Gen.Int[0, 10_000], Gen.ULong).Sample(
            static (flushed, writing, fates, cut, salt) =>
            {
                var id = new SegmentId(1, salt);
                byte[][] all = [.. flushed, .. writing];
                var (bytes, ends) = Segment(all, id);
                var safe = flushed.Length == 0 ? SpoolFormat.HeaderBytes : ends[flushed.Length - 1];
                var stale = Segment([[.. Enumerable.Repeat((byte)7, bytes.Length)]], new SegmentId(1, salt ^ 1)).Bytes;
                CutPower(bytes, stale, safe, fates);
                var left = bytes.AsSpan(0, safe + (cut % (bytes.Length - safe + 1)));

                var scan = SegmentScan.Of(left, SpoolFormat.HeaderBytes, 0, id.Seed);

                Assert.True(scan.Records.Count >= flushed.Length, $"{scan.Records.Count} of {flushed.Length} flushed records are there");
                for (var number = 0; number < scan.Records.Count; number++)
                {
                    var record = scan.Records[number];
                    Assert.Equal(all[record.Seq - 1], left.Slice(record.Offset, record.Length).ToArray());
                    Assert.True(number >= flushed.Length || record.Seq == number + 1, "a flushed record is missing");
                }

                Assert.All(scan.Damage, part => Assert.True(part.Offset >= safe, "damage is reported in what was flushed"));
            },
            iter: 10_000);

    [Fact]
    public async Task Open_WriteCutAnywhere_KeepsEverythingAcknowledgedAndGoesOn() =>
        await Gen.Select(Gen.Int[1, 5], Gen.Int[1, 4], Fates, Gen.Int[0, 10_000], Gen.Bool).SampleAsync(
            static async (acknowledged, writing, fates, cut, isNewSegment) =>
            {
                await using var original = new SpoolDirectory();
                var safe = 0;
                await using (var spool = original.Open(segmentBytes: isNewSegment ? 1 : 4 << 20))
                {
                    for (var number = 0; number < acknowledged + writing; number++)
                    {
                        safe = number == acknowledged && !isNewSegment ? (int)new FileInfo(original.Segments[^1]).Length : safe;
                        await spool.AppendAsync(SpoolDirectory.Arrival(number), Token);
                    }
                }

                // The last file is the one in flight: it had what was acknowledged, or it was new and had nothing.
                await using var directory = Copy(original, original.Segments.Count - 1);
                var bytes = await File.ReadAllBytesAsync(original.Segments[^1], Token);
                CutPower(bytes, [.. Enumerable.Repeat((byte)0xA5, bytes.Length)], safe, fates);
                var left = bytes.AsSpan(0, safe + (cut % (bytes.Length - safe + 1))).ToArray();
                await File.WriteAllBytesAsync(Path.Combine(directory.Path, Path.GetFileName(original.Segments[^1])), left, Token);
                await using (var spool = directory.Open())
                {
                    Assert.Equal(SpoolOutcome.Written, await spool.AppendAsync(SpoolDirectory.Arrival(99), Token));
                }

                var ids = await directory.ReopenAndDrainAsync();

                var sure = isNewSegment ? acknowledged + writing - 1 : acknowledged;
                Assert.Equal(SpoolDirectory.Ids(Enumerable.Range(0, sure)), ids.Take(sure));
                Assert.Equal("wevt_99", ids[^1]);
                Assert.All(ids.Skip(sure).SkipLast(1), id => Assert.Contains(id, SpoolDirectory.Ids(Enumerable.Range(sure, acknowledged + writing - sure))));
            },
            iter: 200,
            threads: 1);

    [Fact]
    public async Task Open_DrainMarkCutOrFlipped_DrainsTheRestAndAtMostSomeOfItAgain() =>
        await Gen.Select(Gen.Int[0, 5], Gen.Int[0, 28], Gen.Int[0, (28 * 8) - 1].Array[0, 3]).SampleAsync(
            static async (drained, length, flips) =>
            {
                await using var directory = new SpoolDirectory();
                await directory.FillAsync(6);
                await using (var spool = directory.Open())
                {
                    var batch = spool.ReadNext()!;
                    if (drained > 0)
                    {
                        spool.Advance(batch, drained, drained);
                    }
                }

                var mark = Path.Combine(directory.Path, "drained.mark");
                var bytes = await File.ReadAllBytesAsync(mark, Token);
                foreach (var flip in flips.Where(flip => flip / 8 < bytes.Length))
                {
                    bytes[flip / 8] ^= (byte)(1 << (flip % 8));
                }

                await File.WriteAllBytesAsync(mark, bytes.AsMemory(0, Math.Min(length, bytes.Length)), Token);

                var ids = await directory.ReopenAndDrainAsync();

                // In order, nothing left out: from the first that waits, or again from the beginning of the segment.
                var first = 6 - ids.Count;
                Assert.True(first == 0 || first == drained, $"{first} of {drained}");
                Assert.Equal(SpoolDirectory.Ids(Enumerable.Range(first, 6 - first)), ids);
            },
            iter: 200,
            threads: 1);

    private static SpoolDirectory Copy(SpoolDirectory original, int segments)
    {
        var copy = new SpoolDirectory();
        Directory.CreateDirectory(copy.Path);
        foreach (var segment in original.Segments.Take(segments))
        {
            File.Copy(segment, Path.Combine(copy.Path, Path.GetFileName(segment)));
        }

        return copy;
    }

    // A sector that holds flushed bytes too is written as a whole or not at all: its flushed part stays in either case.
    private static void CutPower(byte[] bytes, byte[] stale, int safe, Fate[] fates)
    {
        for (var sector = safe / Sector; sector * Sector < bytes.Length; sector++)
        {
            var from = Math.Max(safe, sector * Sector);
            var to = Math.Min(bytes.Length, (sector + 1) * Sector);
            switch (fates[sector % fates.Length])
            {
                case Fate.Zero:
                    bytes.AsSpan(from, to - from).Clear();
                    break;
                case Fate.Stale:
                    stale.AsSpan(from, to - from).CopyTo(bytes.AsSpan(from));
                    break;
                default:
                    break;
            }
        }
    }

    private static (byte[] Bytes, List<int> Ends) Segment(byte[][] payloads, SegmentId id)
    {
        var bytes = new byte[SpoolFormat.HeaderBytes + payloads.Sum(static payload => payload.Length + SpoolFormat.RecordOverhead)];
        SpoolFormat.WriteHeader(bytes, id);
        List<int> ends = [];
        var at = SpoolFormat.HeaderBytes;
        foreach (var payload in payloads)
        {
            var end = at + payload.Length + SpoolFormat.RecordOverhead;
            SpoolFormat.WriteRecord(bytes.AsSpan(at, end - at), ends.Count + 1, payload, id.Seed);
            ends.Add(end);
            at = end;
        }

        return (bytes, ends);
    }
}
