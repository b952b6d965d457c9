using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClaudeDrive.Contexts;

/// <summary>The hash chain of a context (invariant 3): each revision's hash covers the hash before and every stored field of its own.</summary>
internal static class RevisionHash
{
    /// <summary>What the first revision names as the hash before it.</summary>
    public static string Genesis { get; } = new('0', 64);

    /// <summary>SHA-256 of the bytes, lower-case hex.</summary>
    public static string OfBytes(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>
    /// The hash of a revision: SHA-256 over its fields in the order of the code, each preceded by its length in bytes (32 bits, big endian) and
    /// each list by its count, so that no two different revisions give the same input. Ignores <see cref="ContextRevision.Seq"/> and <see cref="ContextRevision.Hash"/>.
    /// </summary>
    public static string Of(ContextRevision revision)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, revision.PreviousHash);
        Add(hash, revision.Resource.Type);
        Add(hash, revision.Resource.Id);
        Add(hash, revision.Number.ToString(CultureInfo.InvariantCulture));
        Add(hash, revision.Cause);
        Add(hash, revision.EventIds);
        Add(hash, revision.RequestIds);
        Add(hash, Instant(revision.AsOf));
        Add(hash, Instant(revision.FetchedAt));
        Add(hash, Instant(revision.RecordedAt));
        Add(hash, revision.Status);
        Add(hash, revision.Triage is { } triage ? [triage] : []);
        Add(hash, revision.PatchJson);
        Add(hash, revision.SnapshotHash);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// True when the revision's own hashes fit its content and it follows <paramref name="previousHash"/>. Of one whose content was dropped only the latter
    /// can be told; the audit log says when that was, and with which last hash (ADR 0026).
    /// </summary>
    public static bool Verify(ContextRevision revision, string previousHash) =>
        string.Equals(revision.PreviousHash, previousHash, StringComparison.Ordinal)
        && (DroppedContent.IsDropped(revision)
            || (string.Equals(revision.SnapshotHash, OfBytes(revision.Snapshot.Span), StringComparison.Ordinal)
                && string.Equals(revision.Hash, Of(revision), StringComparison.Ordinal)));

    /// <summary>Cut to the microsecond: what every store keeps.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset instant) => instant.ToUniversalTime().AddTicks(-(instant.UtcTicks % TimeSpan.TicksPerMicrosecond));

    private static string Instant(DateTimeOffset instant) =>
        (instant.UtcTicks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture);

    private static void Add(IncrementalHash hash, IReadOnlyList<string> fields)
    {
        Add(hash, fields.Count);
        foreach (var field in fields)
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
