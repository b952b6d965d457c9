using System.Buffers.Binary;
using System.Globalization;

namespace ClaudeDrive.Inbox.Spool;

/// <summary>
/// Names a segment, in its file name and again in its header. Every checksum of the segment starts from it, so that a record of another segment,
/// left on a reused part of the disk, never passes for one of this.
/// </summary>
/// <param name="FirstSeq">Number of its first record; the names sort by it.</param>
/// <param name="Salt">Random: keeps segments of different directories and times apart.</param>
internal readonly record struct SegmentId(long FirstSeq, ulong Salt)
{
    /// <summary>How the files end.</summary>
    public const string Extension = ".spool";

    /// <summary>The file's name.</summary>
    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{FirstSeq:D20}-{Salt:x16}{Extension}");

    /// <summary>Where every checksum of the segment starts.</summary>
    public uint Seed
    {
        get
        {
            Span<byte> bytes = stackalloc byte[2 * sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, FirstSeq);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[sizeof(long)..], Salt);
            return Crc32C.Compute(bytes);
        }
    }

    /// <summary>Reads a file's name; null when it is none of a segment.</summary>
    public static SegmentId? FromFileName(string name)
    {
        var stem = Path.GetFileNameWithoutExtension(name);
        return stem.Length == 37 && stem[20] == '-'
            && long.TryParse(stem.AsSpan(0, 20), NumberStyles.None, CultureInfo.InvariantCulture, out var first) && first > 0
            && ulong.TryParse(stem.AsSpan(21), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var salt)
            ? new SegmentId(first, salt)
            : null;
    }
}
