using System.Security.Cryptography;

namespace ClaudeDrive.Custody;

/// <summary>
/// The hashes of an export. A line says the SHA-256 of its data; the chain covers every line before the closing one in its order: SHA-256 over the chain so far
/// (32 bytes, zeros at first) and the SHA-256 of the line's bytes without the line feed. So a line that was changed, removed, added or moved is noticed.
/// </summary>
internal sealed class ExportChain
{
    private byte[] _chain = new byte[SHA256.HashSizeInBytes];

    /// <summary>Lines so far.</summary>
    public long Lines { get; private set; }

    /// <summary>The chain so far, lower-case hex.</summary>
    public string Hash => Convert.ToHexStringLower(_chain);

    /// <summary>SHA-256 of the data of a line, lower-case hex.</summary>
    public static string OfData(ReadOnlySpan<byte> data) => Convert.ToHexStringLower(SHA256.HashData(data));

    /// <summary>Takes the next line, without its line feed.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        Span<byte> both = stackalloc byte[2 * SHA256.HashSizeInBytes];
        _chain.CopyTo(both);
        SHA256.HashData(line, both[SHA256.HashSizeInBytes..]);
        _chain = SHA256.HashData(both);
        Lines++;
    }
}
