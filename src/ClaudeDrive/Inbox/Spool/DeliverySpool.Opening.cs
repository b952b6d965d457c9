using ClaudeDrive.Diagnostics;

namespace ClaudeDrive.Inbox.Spool;

/// <content>Taking the directory, and what an earlier process left in it.</content>
internal sealed partial class DeliverySpool
{
    private const string LockName = "spool.lock";

    /// <summary>
    /// Takes the directory for this process, makes it when it is missing, and reads every segment: torn tails are cut, damage is set aside. Does
    /// nothing when it is open or off. Throws <see cref="DriveStoreException"/> with <see cref="DriveStoreException.IsPermanent"/> when another
    /// process holds the directory, <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> when the disk refuses; the next append
    /// tries again.
    /// </summary>
    public void Open()
    {
        if (_mark is not null || !IsOn)
        {
            return;
        }

        DirectorySync.Create(_directory);
        _lock ??= TakeLock();
        var found = Directory.EnumerateFiles(_directory, "*" + SegmentId.Extension).Order(StringComparer.Ordinal).ToList();
        var mark = new DrainMark(_directory);
        var drained = mark.Read();
        var segments = found.Select(path => Recover(path, drained)).OfType<SpoolSegment>().ToList();
        lock (_gate)
        {
            _segments.AddRange(segments);
            _bytes = segments.Sum(static segment => (long)segment.Length);
            _nextSeq = Math.Max(_nextSeq, segments.Select(static segment => segment.LastSeq).DefaultIfEmpty().Max() + 1);
            _mark = mark;
            _fill.Grown(_bytes);
        }

        if (segments.Count > 0)
        {
            Log.Found(_logger, segments.Sum(static segment => segment.Waiting), segments.Sum(static segment => (long)segment.Length));
            _signal.Raise();
        }
    }

    private FileStream TakeLock()
    {
        var path = Path.Combine(_directory, LockName);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new DriveStoreException($"The spool in {_directory} is held by another process; each process needs a data directory of its own.", e)
            {
                IsPermanent = true,
            };
        }
    }

    /// <summary>Reads one segment; null when nothing in it waits, or when the disk refuses to read it.</summary>
    private SpoolSegment? Recover(string path, (SegmentId Segment, long Seq)? mark)
    {
        try
        {
            return Recover(path, File.ReadAllBytes(path), mark);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Unreadable(_logger, path, e);
            _metrics.SetAside("unreadable");
            return null;
        }
    }

    private SpoolSegment? Recover(string path, byte[] bytes, (SegmentId Segment, long Seq)? mark)
    {
        // The name tells what the header tells, so that damage to either costs nothing.
        if ((SegmentId.FromFileName(path) ?? SpoolFormat.ReadHeader(bytes)) is not { } id)
        {
            KeepAside(path, 0, bytes, "damaged");
            File.Delete(path);
            return null;
        }

        var scan = SegmentScan.Of(bytes, SpoolFormat.HeaderBytes, id.FirstSeq - 1, id.Seed);
        KeepDamage(path, bytes, scan);
        if (scan.Records.Count == 0)
        {
            File.Delete(path);
            return null;
        }

        if (scan.End < bytes.Length)
        {
            Cut(path, scan.End);
        }

        var drained = mark is { } known && known.Segment == id ? known.Seq : id.FirstSeq - 1;
        var waiting = scan.Records.Where(record => record.Seq > drained).ToList();
        return new SpoolSegment(path, id)
        {
            Length = scan.End,
            LastSeq = scan.Records[^1].Seq,
            DrainedSeq = drained,
            DrainedLength = waiting.Count == 0 ? scan.End : waiting[0].Offset - SpoolFormat.RecordOverhead,
            OldestReceivedAt = waiting.Count == 0 ? null : TryDecode(bytes, waiting[0])?.ReceivedAt,
        };
    }

    private void KeepDamage(string path, byte[] bytes, SegmentScan scan)
    {
        foreach (var part in scan.Damage)
        {
            var span = bytes.AsSpan(part.Offset, part.Length);
            if (part.IsTorn)
            {
                Log.Torn(_logger, path, part.Length);
            }

            if (span.ContainsAnyExcept((byte)0))
            {
                KeepAside(path, part.Offset, span, part.IsTorn ? "torn" : "damaged");
            }
        }
    }

    /// <summary>Writes bytes that are no record to a file of their own beside the segment. The same part is kept, and told of, once.</summary>
    private void KeepAside(string path, int offset, ReadOnlySpan<byte> bytes, string reason)
    {
        var aside = FormattableString.Invariant($"{path}.{offset}.{reason}");
        if (File.Exists(aside) && new FileInfo(aside).Length == bytes.Length)
        {
            return;
        }

        using (var file = File.OpenHandle(aside, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, bytes, 0);
            RandomAccess.FlushToDisk(file);
        }

        DirectorySync.Flush(_directory);
        _metrics.SetAside(reason);
        if (reason != "torn")
        {
            Log.SetAside(_logger, reason, offset, path, bytes.Length, aside);
        }
    }

    private static void Cut(string path, int length)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        RandomAccess.SetLength(file, length);
        RandomAccess.FlushToDisk(file);
    }

    private static InboxArrival? TryDecode(byte[] bytes, FoundRecord record)
    {
        try
        {
            return SpoolCodec.Decode(new ArraySegment<byte>(bytes, record.Offset, record.Length));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
