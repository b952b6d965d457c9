using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClaudeDrive.Audit;

/// <summary>The hash chain of the audit log: each row's hash covers the hash before and every other field of its own.</summary>
internal static class AuditHash
{
    /// <summary>The row that follows <paramref name="head"/>.</summary>
    public static AuditEntry Link(AuditHead head, AuditDraft what, DateTimeOffset now)
    {
        var entry = new AuditEntry
        {
            Seq = head.Seq + 1,
            At = Truncate(now),
            What = what,
            PreviousHash = head.Hash,
            Hash = "",
        };
        return entry with { Hash = Of(entry) };
    }

    /// <summary>
    /// The hash of a row: SHA-256 over its fields in the order of the code, each preceded by its length in bytes (32 bits, big endian); a field that
    /// may be absent is preceded by 0 or 1 as well. So no two different rows give the same input. Ignores <see cref="AuditEntry.Hash"/>.
    /// </summary>
    public static string Of(AuditEntry entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Measure(entry.PreviousHash));
        hash.AppendData(Measure(entry.Seq.ToString(CultureInfo.InvariantCulture)));
        hash.AppendData(Measure((entry.At.UtcTicks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture)));
        hash.AppendData(RestOf(entry.What));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>What the hash takes of a draft, after hash before, position and microseconds: for a store that hashes by itself.</summary>
    public static byte[] RestOf(AuditDraft what) =>
    [
        .. Measure(what.Actor),
        .. MeasureOptional(what.Node),
        .. MeasureOptional(what.RemoteIp),
        .. Measure(what.Action),
        .. Measure(what.Resource),
        .. MeasureOptional(what.Reason),
        .. MeasureOptional(what.Before),
        .. MeasureOptional(what.After),
    ];

    private static DateTimeOffset Truncate(DateTimeOffset instant) => instant.ToUniversalTime().AddTicks(-(instant.UtcTicks % TimeSpan.TicksPerMicrosecond));

    private static byte[] MeasureOptional(string? field) => field is null ? Number(0) : [.. Number(1), .. Measure(field)];

    private static byte[] Measure(string field)
    {
        var bytes = Encoding.UTF8.GetBytes(field);
        return [.. Number(bytes.Length), .. bytes];
    }

    private static byte[] Number(int number)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
