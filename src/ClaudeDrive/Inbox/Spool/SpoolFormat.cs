using System.Buffers.Binary;

namespace ClaudeDrive.Inbox.Spool;

/// <summary>
/// The bytes of a segment (ADR 0013), little-endian. Header, 32 bytes: magic and version, first number, salt, four zeros, checksum of the 28
/// before. Then records: marker, length of the payload, number, checksum of length, number and payload; then the payload. Pure.
/// </summary>
internal static class SpoolFormat
{
    /// <summary>Size of a segment's header.</summary>
    public const int HeaderBytes = 32;

    /// <summary>What a record takes beside its payload.</summary>
    public const int RecordOverhead = 20;

    /// <summary>Largest payload: the largest body that can be configured, and everything else about it, with room to spare.</summary>
    public const int MaxPayload = 32 * 1024 * 1024;

    private const int LengthAt = 4;
    private const int SeqAt = 8;
    private const int CrcAt = 16;

    /// <summary>What a record begins with: found again behind a damaged one.</summary>
    public static ReadOnlySpan<byte> Marker => [0x43, 0x44, 0x72, 0xB7];

    private static ReadOnlySpan<byte> Magic => [(byte)'C', (byte)'D', (byte)'S', (byte)'P', (byte)'O', (byte)'O', (byte)'L', 1];

    /// <summary>Writes a segment's header.</summary>
    public static void WriteHeader(Span<byte> target, SegmentId id)
    {
        target[..HeaderBytes].Clear();
        Magic.CopyTo(target);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], id.FirstSeq);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], id.Salt);
        BinaryPrimitives.WriteUInt32LittleEndian(target[28..], Crc32C.Compute(target[..28]));
    }

    /// <summary>Reads a segment's header; null when it is not whole.</summary>
    public static SegmentId? ReadHeader(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeaderBytes
        && bytes.StartsWith(Magic)
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]) == Crc32C.Compute(bytes[..28])
            ? new SegmentId(BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]))
            : null;

    /// <summary>Writes a record into <paramref name="target"/>, which has its exact size.</summary>
    public static void WriteRecord(Span<byte> target, long seq, ReadOnlySpan<byte> payload, uint seed)
    {
        Marker.CopyTo(target);
        BinaryPrimitives.WriteInt32LittleEndian(target[LengthAt..], payload.Length);
        BinaryPrimitives.WriteInt64LittleEndian(target[SeqAt..], seq);
        payload.CopyTo(target[RecordOverhead..]);
        BinaryPrimitives.WriteUInt32LittleEndian(target[CrcAt..], Checksum(target, payload.Length, seed));
    }

    /// <summary>Length of the payload of the record at the start of <paramref name="bytes"/>, and its number; false when there is no whole one.</summary>
    public static bool TryReadRecord(ReadOnlySpan<byte> bytes, uint seed, out long seq, out int length)
    {
        if (!TryReadLead(bytes, out seq, out length) || length > bytes.Length - RecordOverhead)
        {
            return false;
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..]) == Checksum(bytes, length, seed);
    }

    /// <summary>True when <paramref name="bytes"/> begin a record that is longer than they are, as a write that was cut short leaves them.</summary>
    public static bool IsCutShort(ReadOnlySpan<byte> bytes) =>
        bytes.Length < RecordOverhead || (TryReadLead(bytes, out _, out var length) && length > bytes.Length - RecordOverhead);

    /// <summary>
    /// True when <paramref name="bytes"/> are one whole record to their end, but for its length, which was destroyed: no write that was cut short.
    /// </summary>
    public static bool IsWholeButForItsLength(ReadOnlySpan<byte> bytes, uint seed)
    {
        if (bytes.Length <= RecordOverhead || !bytes.StartsWith(Marker))
        {
            return false;
        }

        Span<byte> lead = stackalloc byte[CrcAt - LengthAt];
        bytes[LengthAt..CrcAt].CopyTo(lead);
        BinaryPrimitives.WriteInt32LittleEndian(lead, bytes.Length - RecordOverhead);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..]) == Crc32C.Compute(bytes[RecordOverhead..], Crc32C.Compute(lead, seed));
    }

    /// <summary>Marker, a possible length and the number; the checksum is not looked at.</summary>
    public static bool TryReadLead(ReadOnlySpan<byte> bytes, out long seq, out int length)
    {
        if (bytes.Length < RecordOverhead || !bytes.StartsWith(Marker))
        {
            (seq, length) = (0, 0);
            return false;
        }

        length = BinaryPrimitives.ReadInt32LittleEndian(bytes[LengthAt..]);
        seq = BinaryPrimitives.ReadInt64LittleEndian(bytes[SeqAt..]);
        return length is > 0 and <= MaxPayload;
    }

    private static uint Checksum(ReadOnlySpan<byte> record, int length, uint seed) =>
        Crc32C.Compute(record.Slice(RecordOverhead, length), Crc32C.Compute(record[LengthAt..CrcAt], seed));
}
