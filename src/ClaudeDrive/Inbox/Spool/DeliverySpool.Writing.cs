using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ClaudeDrive.Inbox.Spool;

/// <content>The one writer at a time: takes what waits, writes it at once, flushes once, and only then answers.</content>
internal sealed partial class DeliverySpool
{
    /// <summary>Records in one flush at most; as the inbox's own writer.</summary>
    private const int MaxBatch = 512;

    /// <summary>Records that may wait for their flush; one more is refused. As the inbox's own queue.</summary>
    private const int MaxWaiting = 4096;

    private void WriteAll()
    {
        while (TakeBatch())
        {
            var outcome = WriteBatch();
            foreach (var append in _batch)
            {
                append.Ended.SetResult(outcome);
            }

            _batch.Clear();
            if (_buffer.Capacity > 2 * _settings.SegmentBytes)
            {
                _buffer = new ArrayBufferWriter<byte>();
            }

            _signal.Raise();
        }
    }

    private bool TakeBatch()
    {
        lock (_gate)
        {
            // A batch is bounded in bytes too: it must not make a segment much larger than asked.
            for (long bytes = 0; _batch.Count < MaxBatch && bytes < _settings.SegmentBytes && _queue.TryDequeue(out var append);)
            {
                bytes += append.Payload.Length + SpoolFormat.RecordOverhead;
                _batch.Add(append);
            }

            if (_batch.Count > 0)
            {
                return true;
            }

            _isWriting = false;
            _idle?.TrySetResult();
        }

        // A segment that was drained meanwhile can be removed now.
        _signal.Raise();
        return false;
    }

    private SpoolOutcome WriteBatch()
    {
        try
        {
            Open();
            var segment = _active is { } active && active.Length < _settings.SegmentBytes ? active : BeginSegment();
            Encode(segment);
            RandomAccess.Write(_file!, _buffer.WrittenSpan, segment.Length);
            RandomAccess.FlushToDisk(_file!);
            if (segment.Length == 0)
            {
                DirectorySync.Flush(_directory);
            }

            Commit(segment);
            return SpoolOutcome.Written;
        }
        catch (Exception e) // The writer's edge: whatever went wrong is answered to every caller of the batch.
        {
            Log.NotWritten(_logger, _batch.Count, e);
            Abandon();
            return SpoolOutcome.Failed;
        }
    }

    private SpoolSegment BeginSegment()
    {
        _file?.Dispose();
        var id = new SegmentId(_nextSeq, BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong))));
        var path = Path.Combine(_directory, id.FileName);
        _active = new SpoolSegment(path, id);
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);
        return _active;
    }

    private void Encode(SpoolSegment segment)
    {
        _buffer.ResetWrittenCount();
        if (segment.Length == 0)
        {
            SpoolFormat.WriteHeader(_buffer.GetSpan(SpoolFormat.HeaderBytes), segment.Id);
            _buffer.Advance(SpoolFormat.HeaderBytes);
        }

        var seed = segment.Id.Seed;
        for (var i = 0; i < _batch.Count; i++)
        {
            var size = SpoolFormat.RecordOverhead + _batch[i].Payload.Length;
            SpoolFormat.WriteRecord(_buffer.GetSpan(size)[..size], _nextSeq + i, _batch[i].Payload, seed);
            _buffer.Advance(size);
        }
    }

    private void Commit(SpoolSegment segment)
    {
        lock (_gate)
        {
            if (segment.Length == 0)
            {
                _segments.Add(segment);
            }

            segment.Length += _buffer.WrittenCount;
            _bytes += _buffer.WrittenCount;
            segment.LastSeq = _nextSeq + _batch.Count - 1;
            segment.OldestReceivedAt ??= _batch.Min(static append => append.ReceivedAt);
            _nextSeq = segment.LastSeq + 1;
            _queuedBytes -= BatchBytes();
            _isFailing = false;
            _fill.Grown(_bytes);
        }
    }

    // After a failed flush nobody knows what the disk holds, and a second flush of the same file may lie: the segment ends where it was last
    // known to be good, and the next batch begins another one.
    private void Abandon()
    {
        var (file, segment) = (_file, _active);
        lock (_gate)
        {
            _queuedBytes -= BatchBytes();
            _isFailing = true;
            _file = null;
            _active = null;
        }

        if (file is null || segment is null)
        {
            return;
        }

        try
        {
            RandomAccess.SetLength(file, segment.Length);
            file.Dispose();
            if (segment.Length == 0)
            {
                File.Delete(segment.Path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // What is left behind the good end is not drained; the next start cuts it, or drains it: nobody was told 200, nobody minds.
            file.Dispose();
        }
    }

    private long BatchBytes() => _batch.Sum(static append => (long)append.Payload.Length + SpoolFormat.RecordOverhead);
}
