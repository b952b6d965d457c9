using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace ClaudeDrive.Ingest;

/// <summary>
/// One webhook signing secret, ready to verify with. Parse it once and keep it: parsing costs microseconds and memory, verifying with it
/// then allocates nothing. Safe to use from many threads at once. The key never leaves the object and is overwritten by
/// <see cref="Dispose"/>.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class WebhookSecret : IDisposable
{
    /// <summary>The prefix that marks a symmetric secret (Standard Webhooks 1.0.0, "Signature scheme"). Optional when parsing.</summary>
    public const string Prefix = "whsec_";

    /// <summary>Shortest key, in bytes (Standard Webhooks 1.0.0: 192 bits). Claude's secrets have 32.</summary>
    public const int MinKeyBytes = 24;

    /// <summary>Longest key, in bytes (Standard Webhooks 1.0.0: 512 bits).</summary>
    public const int MaxKeyBytes = 64;

    /// <summary>Longest content that is put together before it is hashed, in bytes: twice the size of Claude's deliveries.</summary>
    private const int JoinedBytes = 768;

    private const int MaxBase64Chars = (MaxKeyBytes + 2) / 3 * 4;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly byte[] _key;

    // Ready hashes, one per concurrent verification. A reused hash costs about half of a one-shot HMAC and allocates nothing.
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly IncrementalHash?[] _idle = new IncrementalHash?[Math.Clamp(Environment.ProcessorCount, 1, 16)];

    private int _disposed;

    private WebhookSecret(ReadOnlySpan<byte> key)
    {
        // Pinned, so that the collector never moves the key and leaves a copy behind.
        _key = GC.AllocateUninitializedArray<byte>(key.Length, pinned: true);
        key.CopyTo(_key);

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, digest);
        Id = Convert.ToHexStringLower(digest[..4]);
    }

    /// <summary>
    /// Names the secret without telling it: the first 8 lower-case hex digits of the SHA-256 of its key. The same secret always has the
    /// same id, with or without its prefix.
    /// </summary>
    public string Id { get; }

    /// <summary>
    /// Reads one secret: <c>whsec_</c> (optional) and then 24 to 64 bytes in padded base64. White space around it is ignored.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException">It is no such text. The message says which rule failed and never holds any of the text.</exception>
    public static WebhookSecret Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text, out var problem) ?? throw new FormatException(problem);
    }

    /// <summary>Like <see cref="Parse"/>, but answers false where that throws.</summary>
    /// <param name="text">The text to read; null is answered with false.</param>
    /// <param name="secret">The secret; null when the answer is false.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out WebhookSecret? secret)
    {
        secret = text is null ? null : Read(text, out _);
        return secret is not null;
    }

    /// <summary>
    /// Reads one or more secrets separated by white space, as <c>ANTHROPIC_WEBHOOK_SIGNING_KEY</c> may hold during a rotation. All or none.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException">There is no secret in it, or one cannot be read; the message gives its position, counted from 1.</exception>
    public static IReadOnlyList<WebhookSecret> ParseMany(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var secrets = new List<WebhookSecret>(parts.Length);
        foreach (var part in parts)
        {
            if (Read(part, out var problem) is not { } secret)
            {
                secrets.ForEach(s => s.Dispose());
                throw new FormatException($"Secret {secrets.Count + 1} of {parts.Length}: {problem}");
            }

            secrets.Add(secret);
        }

        return secrets.Count > 0 ? secrets : throw new FormatException("There is no signing secret.");
    }

    /// <summary>Overwrites the key. Verifying or signing with the secret afterwards throws <see cref="ObjectDisposedException"/>. Safe to call twice.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        CryptographicOperations.ZeroMemory(_key);
        for (var i = 0; i < _idle.Length; i++)
        {
            Interlocked.Exchange(ref _idle[i], null)?.Dispose();
        }
    }

    /// <summary>The secret's <see cref="Id"/>; never its value.</summary>
    public override string ToString() => $"secret {Id}";

    /// <summary>Writes the 32 bytes of HMAC-SHA256(key, <paramref name="head"/> followed by <paramref name="body"/>).</summary>
    /// <exception cref="ObjectDisposedException">The secret was disposed of.</exception>
    internal void ComputeMac(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, Span<byte> mac)
    {
        var hash = Rent();
        var length = head.Length + body.Length;
        if (length <= JoinedBytes)
        {
            // One call into the cryptographic library costs more than the copy.
            Span<byte> joined = stackalloc byte[JoinedBytes];
            head.CopyTo(joined);
            body.CopyTo(joined[head.Length..]);
            hash.AppendData(joined[..length]);
        }
        else
        {
            hash.AppendData(head);
            hash.AppendData(body);
        }

        hash.GetHashAndReset(mac);
        Return(hash);
    }

    private static WebhookSecret? Read(ReadOnlySpan<char> text, out string? problem)
    {
        var base64 = text.Trim();
        if (base64.StartsWith(Prefix, StringComparison.Ordinal))
        {
            base64 = base64[Prefix.Length..];
        }

        Span<byte> key = stackalloc byte[MaxBase64Chars / 4 * 3];
        try
        {
            problem = "A signing secret is whsec_ followed by padded base64.";
            if (base64.Length > MaxBase64Chars)
            {
                problem = $"A signing secret holds {MinKeyBytes} to {MaxKeyBytes} bytes; this one holds more.";
                return null;
            }

            // The decoder skips white space; the length of the text tells whether there was any.
            if (!Convert.TryFromBase64Chars(base64, key, out var length) || (length + 2) / 3 * 4 != base64.Length)
            {
                return null;
            }

            if (length is < MinKeyBytes or > MaxKeyBytes)
            {
                problem = $"A signing secret holds {MinKeyBytes} to {MaxKeyBytes} bytes; this one holds {length}.";
                return null;
            }

            problem = null;
            return new WebhookSecret(key[..length]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private IncrementalHash Rent()
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Volatile.Read(ref _idle[i]) is not null && Interlocked.Exchange(ref _idle[i], null) is { } hash)
            {
                return hash;
            }
        }

        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        var made = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);

        // Disposing in between may have cleared the key before it was read: such a hash must not be used.
        if (Volatile.Read(ref _disposed) != 0)
        {
            made.Dispose();
            ObjectDisposedException.ThrowIf(true, this);
        }

        return made;
    }

    private void Return(IncrementalHash hash)
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Volatile.Read(ref _disposed) == 0 && Interlocked.CompareExchange(ref _idle[i], hash, null) is null)
            {
                // Disposing may have passed this place in between; take back whatever it left there.
                if (Volatile.Read(ref _disposed) != 0)
                {
                    Interlocked.Exchange(ref _idle[i], null)?.Dispose();
                }

                return;
            }
        }

        hash.Dispose();
    }
}
