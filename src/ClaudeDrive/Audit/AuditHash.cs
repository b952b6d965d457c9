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
        Add(hash, entry.PreviousHash);
        Add(hash, entry.Seq.ToString(CultureInfo.InvariantCulture));
        Add(hash, (entry.At.UtcTicks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture));
        Add(hash, entry.What.Actor);
        AddOptional(hash, entry.What.Node);
        AddOptional(hash, entry.What.RemoteIp);
        Add(hash, entry.What.Action);
        Add(hash, entry.What.Resource);
        AddOptional(hash, entry.What.Reason);
        AddOptional(hash, entry.What.Before);
        AddOptional(hash, entry.What.After);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static DateTimeOffset Truncate(DateTimeOffset instant) => instant.ToUniversalTime().AddTicks(-(instant.UtcTicks % TimeSpan.TicksPerMicrosecond));

    private static void AddOptional(IncrementalHash hash, string? field)
    {
        Add(hash, field is null ? 0 : 1);
        if (field is not null)
        {
            Add(hash, field);
        }
    }

    private static void Add(IncrementalHash hash, string field)
    {
        var bytes = Encoding.UTF8.GetBytes(field);
        Add(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Add(IncrementalHash hash, int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
