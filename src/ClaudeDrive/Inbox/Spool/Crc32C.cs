using System.Buffers.Binary;
using System.Numerics;

namespace ClaudeDrive.Inbox.Spool;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4): what disks and file systems use, by one instruction of the processor where it has it.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of <paramref name="data"/>, continuing from that of what went before it.</summary>
    public static uint Compute(ReadOnlySpan<byte> data, uint before = 0)
    {
        var crc = ~before;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        foreach (var one in data)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }
}
