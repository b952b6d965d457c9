namespace ClaudeDrive.Inbox.Spool;

/// <content>What the drain reads and gives back. For one caller at a time.</content>
internal sealed partial class DeliverySpool
{
    /// <summary>
    /// Everything that waits in the oldest segment, in order; null when nothing waits. The same again until <see cref="Advance(SpoolBatch, int, int)"/>. Damage found on
    /// the way is set aside; a segment that the disk refuses to read is passed over until the next start.
    /// </summary>
    public SpoolBatch? ReadNext()
    {
        while (FindHead() is { } head)
        {
            var (segment, from, length) = head;
            try
            {
                if (Read(segment, from, length) is { Arrivals.Count: > 0 } batch)
                {
                    return batch;
                }

                Advance(segment, segment.LastSeq, length, null);
            }
            catch (IOException e)
            {
                Log.Unreadable(_logger, segment.Path, e);
                _metrics.SetAside("unreadable");
                lock (_gate)
                {
                    segment.IsUnreadable = true;
                }
            }
        }

        return null;
    }

    /// <summary>
    /// Everything of the batch up to its <paramref name="count"/> first records is durable in the store: it is not read again, and a segment that
    /// holds nothing else is removed. <paramref name="drained"/> of them went into the inbox just now.
    /// </summary>
    public void Advance(SpoolBatch batch, int count, int drained)
    {
        _metrics.Drained(drained);
        var last = batch.Arrivals[count - 1];
        var next = count < batch.Arrivals.Count ? batch.Arrivals[count].Arrival.ReceivedAt : (DateTimeOffset?)null;
        Advance(batch.Segment, last.Seq, last.End, next);
    }

    /// <summary>Sets a record aside that the store refuses while it takes others. <see cref="Advance(SpoolBatch, int, int)"/> then passes it.</summary>
    public void KeepRefused(SpoolBatch batch, int index)
    {
        var refused = batch.Arrivals[index];
        var payload = SpoolCodec.Encode(refused.Arrival);
        var record = new byte[payload.Length + SpoolFormat.RecordOverhead];
        SpoolFormat.WriteRecord(record, refused.Seq, payload, batch.Segment.Id.Seed);
        KeepAside(batch.Segment.Path, refused.End - record.Length, record, "refused");
    }

    private (SpoolSegment Segment, int From, int Length)? FindHead()
    {
        lock (_gate)
        {
            foreach (var drained in _segments.Where(static segment => segment.Waiting == 0).ToList())
            {
                Remove(drained);
            }

            var head = _segments.Find(static segment => segment is { IsUnreadable: false, Waiting: > 0 });
            return head is null ? null : (head, head.DrainedLength, head.Length);
        }
    }

    private SpoolBatch Read(SpoolSegment segment, int from, int length)
    {
        var bytes = new byte[length - from];
        using (var file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        {
            for (var read = 0; read < bytes.Length;)
            {
                var more = RandomAccess.Read(file, bytes.AsSpan(read), from + read);
                read = more > 0 ? read + more : throw new EndOfStreamException($"{segment.Path} is shorter than it was.");
            }
        }

        var scan = SegmentScan.Of(bytes, 0, segment.DrainedSeq, segment.Id.Seed);
        foreach (var part in scan.Damage)
        {
            KeepAside(segment.Path, from + part.Offset, bytes.AsSpan(part.Offset, part.Length), "damaged");
        }

        var arrivals = new List<SpooledArrival>(scan.Records.Count);
        foreach (var record in scan.Records)
        {
            if (TryDecode(bytes, record) is { } arrival)
            {
                arrivals.Add(new SpooledArrival(record.Seq, from + record.Offset + record.Length, arrival));
            }
            else
            {
                var start = record.Offset - SpoolFormat.RecordOverhead;
                KeepAside(segment.Path, from + start, bytes.AsSpan(start, record.Length + SpoolFormat.RecordOverhead), "damaged");
            }
        }

        lock (_gate)
        {
            segment.OldestReceivedAt = arrivals.Count > 0 ? arrivals[0].Arrival.ReceivedAt : segment.OldestReceivedAt;
        }

        return new SpoolBatch(segment, arrivals);
    }

    private void Advance(SpoolSegment segment, long seq, int end, DateTimeOffset? next)
    {
        lock (_gate)
        {
            segment.DrainedSeq = seq;
            segment.DrainedLength = end;
            segment.OldestReceivedAt = segment.Waiting == 0 ? null : next ?? segment.OldestReceivedAt;
            _mark!.Write(segment.Id, seq);
            if (segment.Waiting == 0)
            {
                Remove(segment);
            }
        }
    }

    // While the writer is at it, it stays; when the writer rests, the drain is woken and comes back to it.
    private void Remove(SpoolSegment segment)
    {
        if (ReferenceEquals(segment, _active))
        {
            if (_isWriting)
            {
                return;
            }

            _file?.Dispose();
            (_file, _active) = (null, null);
        }

        File.Delete(segment.Path);
        _segments.Remove(segment);
        _bytes -= segment.Length;
        _fill.Shrunk(_bytes);
    }
}
