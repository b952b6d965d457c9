using System.Globalization;

namespace ClaudeDrive.Ingest;

/// <content>Makes signatures, for tests and simulations of a sender.</content>
public static partial class WebhookSignature
{
    /// <summary>
    /// Signs one delivery, for tests and simulations of a sender. The result, the id and the timestamp's unix seconds are the three headers.
    /// </summary>
    /// <param name="body">The raw bytes to be sent.</param>
    /// <param name="id">The event id: 1 to 256 printable ASCII characters without space, <c>.</c> and <c>,</c>.</param>
    /// <param name="timestamp">The time of the attempt, 1970 or later; signed in whole seconds, rounded down.</param>
    /// <param name="secret">The secret to sign with.</param>
    /// <returns><c>v1,</c> and the base64 of the HMAC.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="secret"/> or <paramref name="id"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is no usable id.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timestamp"/> lies before 1970.</exception>
    /// <exception cref="ObjectDisposedException">The secret was disposed of.</exception>
    public static string Sign(ReadOnlySpan<byte> body, string id, DateTimeOffset timestamp, WebhookSecret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentOutOfRangeException.ThrowIfLessThan(timestamp, DateTimeOffset.UnixEpoch);
        if (!IsWellFormedId(id))
        {
            throw new ArgumentException("An event id has 1 to 256 printable ASCII characters without space, '.' and ','.", nameof(id));
        }

        Span<byte> head = stackalloc byte[MaxIdLength + MaxTimestampDigits + 2];
        Span<byte> mac = stackalloc byte[SignatureItems.MacBytes];
        var seconds = timestamp.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        secret.ComputeMac(WriteHead(id, seconds, head), body, mac);
        return $"v1,{Convert.ToBase64String(mac)}";
    }

    /// <summary>Signs a body alone, for tests and simulations of a sender.</summary>
    /// <param name="body">The raw bytes to be sent. Need a top-level <c>created_at</c> to pass <see cref="VerifyBodyOnly"/>.</param>
    /// <param name="secret">The secret to sign with.</param>
    /// <returns>64 lower-case hex digits.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="secret"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The secret was disposed of.</exception>
    public static string SignBodyOnly(ReadOnlySpan<byte> body, WebhookSecret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        Span<byte> mac = stackalloc byte[SignatureItems.MacBytes];
        secret.ComputeMac([], body, mac);
        return Convert.ToHexStringLower(mac);
    }
}
