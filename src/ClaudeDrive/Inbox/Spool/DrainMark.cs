using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace ClaudeDrive.Inbox.Spool;

/// <summary>
/// How far the oldest segment is drained, in a small file beside the segments: after a crash the drain goes on from there. It is written after
/// the store's commit and never flushed: a lost or torn mark costs a second drain of one segment, which the inbox recognises, and no event.
/// </summary>
internal sealed class DrainMark : IDisposable
{
    private const int Bytes = 28;

    private readonly SafeFileHandle _file;

    /// <summary>Opens or makes the file.</summary>
    public DrainMark(string directory) =>
        _file = File.OpenHandle(Path.Combine(directory, "drained.mark"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);

    /// <summary>The newest mark; null when there is none that can be trusted.</summary>
    public (SegmentId Segment, long Seq)? Read()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        return RandomAccess.Read(_file, bytes, 0) == Bytes
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]) == Crc32C.Compute(bytes[..24])
            ? (new SegmentId(BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..])),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]))
            : null;
    }

    /// <summary>Sets the mark.</summary>
    public void Write(SegmentId segment, long seq)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, segment.FirstSeq);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], segment.Salt);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], seq);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], Crc32C.Compute(bytes[..24]));
        RandomAccess.Write(_file, bytes, 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
