using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClaudeDrive.Ingest;

/// <summary>
/// Verifies and makes webhook signatures (Standard Webhooks 1.0.0, symmetric scheme <c>v1</c>), and the body-only variant that the
/// developer guide describes. Usable on its own: pure functions over bytes and header text, no I/O, no clock of its own.
/// </summary>
/// <remarks>
/// <para>
/// Verify the body exactly as it arrived. A body that went through a JSON parser or a text reader no longer matches its signature.
/// </para>
/// <para>
/// Order of the checks, which is also what is answered when several fail: headers present, shape of the id, shape of the timestamp, age,
/// shape of the signature, signature. For a body-only signature the age comes last, because it is read from the body and only a proven
/// body is read.
/// </para>
/// <para>
/// Every secret is tried, also after one has matched, and compared in constant time: the duration tells the number of secrets, not
/// which of them is in use. Each secret costs one HMAC-SHA256 of the body, about 1 µs per KiB.
/// </para>
/// </remarks>
public static partial class WebhookSignature
{
    /// <summary>Header of the event id; the same on every attempt.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>Header of the time of the attempt, in unix seconds.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>Header of the signatures.</summary>
    public const string SignatureHeader = "webhook-signature";

    /// <summary>Longest event id, in characters. Claude's have about 30.</summary>
    public const int MaxIdLength = 256;

    // 18 digits always fit into 64 bits; unix seconds will have 11 from the year 5138 on.
    private const int MaxTimestampDigits = 18;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    // Printable ASCII, without the separator of the signed content and without the comma that a proxy folds repeated headers with.
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Where(c => c is not ('.' or ','))]);

    /// <summary>
    /// How far a timestamp may lie from now, in either direction, unless told otherwise.
    /// </summary>
    /// <value>300 seconds, as in the Standard Webhooks reference libraries and Claude's own SDKs.</value>
    public static TimeSpan DefaultTolerance { get; } = TimeSpan.FromSeconds(300);

    /// <summary>
    /// Verifies one delivery. Allocates nothing. Thread-safe.
    /// </summary>
    /// <param name="body">The raw bytes of the request's body.</param>
    /// <param name="id">Value of <see cref="IdHeader"/>; null when absent.</param>
    /// <param name="timestamp">Value of <see cref="TimestampHeader"/>; null when absent. The signature covers this text as it stands.</param>
    /// <param name="signature">Value of <see cref="SignatureHeader"/>: <c>v1,base64</c> items separated by spaces; null when absent.</param>
    /// <param name="secrets">The secrets in force, one or more. One match with one item is enough.</param>
    /// <param name="now">The present. Compared with the timestamp in whole seconds, rounded down.</param>
    /// <param name="tolerance">
    /// Greatest accepted distance between timestamp and now, inclusive, zero or more. <see cref="DefaultTolerance"/> when null: a
    /// distance of exactly 300 s passes, 301 s fails, in both directions.
    /// </param>
    /// <returns>The outcome of the first failing check, or valid and which secret matched.</returns>
    /// <exception cref="ArgumentException"><paramref name="secrets"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tolerance"/> is negative.</exception>
    /// <exception cref="ObjectDisposedException">A secret was disposed of.</exception>
    public static VerificationResult Verify(
        ReadOnlySpan<byte> body,
        string? id,
        string? timestamp,
        string? signature,
        ReadOnlySpan<WebhookSecret> secrets,
        DateTimeOffset now,
        TimeSpan? tolerance = null) =>
        Verify(body, id, timestamp, new ReadOnlySpan<string?>(in signature), secrets, now, tolerance);

    /// <summary>
    /// Verifies one delivery whose signature header may have arrived on several lines: each value is read on its own. Joining them
    /// with commas first would collide with the comma inside <c>v1,…</c> and is answered with
    /// <see cref="VerificationOutcome.SignatureMalformed"/>. Otherwise as the overload for one value.
    /// </summary>
    /// <param name="body">The raw bytes of the request's body.</param>
    /// <param name="id">Value of <see cref="IdHeader"/>; null when absent.</param>
    /// <param name="timestamp">Value of <see cref="TimestampHeader"/>; null when absent.</param>
    /// <param name="signatures">The values of <see cref="SignatureHeader"/>: at most 4,096 characters each, 16 items together.</param>
    /// <param name="secrets">The secrets in force, one or more.</param>
    /// <param name="now">The present.</param>
    /// <param name="tolerance">Greatest accepted distance, inclusive, zero or more; <see cref="DefaultTolerance"/> when null.</param>
    /// <returns>The outcome of the first failing check, or valid and which secret matched.</returns>
    /// <exception cref="ArgumentException"><paramref name="secrets"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tolerance"/> is negative.</exception>
    /// <exception cref="ObjectDisposedException">A secret was disposed of.</exception>
    public static VerificationResult Verify(
        ReadOnlySpan<byte> body,
        string? id,
        string? timestamp,
        ReadOnlySpan<string?> signatures,
        ReadOnlySpan<WebhookSecret> secrets,
        DateTimeOffset now,
        TimeSpan? tolerance = null)
    {
        CheckArguments(secrets, tolerance);
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(timestamp) || !AnyPresent(signatures))
        {
            return VerificationResult.Failed(VerificationOutcome.SignatureMissing);
        }

        if (!IsWellFormedId(id))
        {
            return VerificationResult.Failed(VerificationOutcome.SignatureMalformed);
        }

        if (!TryReadTimestamp(timestamp, out var seconds))
        {
            return VerificationResult.Failed(VerificationOutcome.TimestampMalformed);
        }

        if (CheckAge(seconds, now, tolerance) is not VerificationOutcome.Valid and var age)
        {
            return VerificationResult.Failed(age);
        }

        Span<byte> macs = stackalloc byte[SignatureItems.MaxItems * SignatureItems.MacBytes];
        if (!SignatureItems.TryReadVersioned(signatures, macs, out var count))
        {
            return VerificationResult.Failed(VerificationOutcome.SignatureMalformed);
        }

        Span<byte> head = stackalloc byte[MaxIdLength + MaxTimestampDigits + 2];
        return Match(WriteHead(id, timestamp, head), body, macs[..(count * SignatureItems.MacBytes)], secrets);
    }

    /// <summary>
    /// Verifies one delivery with secrets given as text: the short way for a program that verifies now and then. Parses the secrets
    /// on every call; keep <see cref="WebhookSecret"/>s and use another overload where many deliveries arrive.
    /// </summary>
    /// <param name="body">The raw bytes of the request's body.</param>
    /// <param name="header">Answers a header's value by its name, without regard to case; null when absent.</param>
    /// <param name="secrets">One secret, or several separated by white space (<see cref="WebhookSecret.ParseMany"/>).</param>
    /// <param name="time">The clock; the system's when null.</param>
    /// <param name="tolerance">As in the other overloads; <see cref="DefaultTolerance"/> when null.</param>
    /// <returns>The outcome of the first failing check, or valid and which secret matched.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="header"/> or <paramref name="secrets"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tolerance"/> is negative.</exception>
    /// <exception cref="FormatException">A secret cannot be read; the message holds none of it.</exception>
    public static VerificationResult Verify(
        ReadOnlySpan<byte> body,
        Func<string, string?> header,
        string secrets,
        TimeProvider? time = null,
        TimeSpan? tolerance = null)
    {
        ArgumentNullException.ThrowIfNull(header);
        WebhookSecret[] parsed = [.. WebhookSecret.ParseMany(secrets)];
        try
        {
            var now = (time ?? TimeProvider.System).GetUtcNow();
            return Verify(body, header(IdHeader), header(TimestampHeader), header(SignatureHeader), parsed, now, tolerance);
        }
        finally
        {
            Array.ForEach(parsed, s => s.Dispose());
        }
    }

    /// <summary>True for 1 to <see cref="MaxIdLength"/> printable ASCII characters without space, <c>.</c> and <c>,</c>.</summary>
    internal static bool IsWellFormedId(string id) => id.Length is > 0 and <= MaxIdLength && !id.AsSpan().ContainsAnyExcept(IdCharacters);

    /// <summary>Reads unix seconds written as 1 to 18 ASCII digits: no sign, no fraction, no white space.</summary>
    internal static bool TryReadTimestamp(string text, out long seconds)
    {
        seconds = 0;
        return text.Length is > 0 and <= MaxTimestampDigits
            && !text.AsSpan().ContainsAnyExcept(Digits)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds);
    }

    private static VerificationOutcome CheckAge(long seconds, DateTimeOffset now, TimeSpan? tolerance)
    {
        var age = now.ToUnixTimeSeconds() - seconds;
        var allowed = (tolerance ?? DefaultTolerance).TotalSeconds;
        return age > allowed ? VerificationOutcome.TimestampTooOld
            : -age > allowed ? VerificationOutcome.TimestampTooNew
            : VerificationOutcome.Valid;
    }

    private static Span<byte> WriteHead(string id, string timestamp, Span<byte> head)
    {
        var length = Encoding.ASCII.GetBytes(id, head);
        head[length++] = (byte)'.';
        length += Encoding.ASCII.GetBytes(timestamp, head[length..]);
        head[length++] = (byte)'.';
        return head[..length];
    }

    private static VerificationResult Match(
        ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, ReadOnlySpan<byte> macs, ReadOnlySpan<WebhookSecret> secrets)
    {
        Span<byte> expected = stackalloc byte[SignatureItems.MacBytes];
        var matched = -1;
        for (var i = 0; i < secrets.Length; i++)
        {
            secrets[i].ComputeMac(head, body, expected);
            for (var at = 0; at < macs.Length; at += SignatureItems.MacBytes)
            {
                if (CryptographicOperations.FixedTimeEquals(expected, macs.Slice(at, SignatureItems.MacBytes)) && matched < 0)
                {
                    matched = i;
                }
            }
        }

        // What is left of a failed check would be a valid signature.
        CryptographicOperations.ZeroMemory(expected);
        return matched < 0 ? VerificationResult.Failed(VerificationOutcome.SignatureMismatch) : VerificationResult.Valid(matched, secrets[matched]);
    }

    private static void CheckArguments(ReadOnlySpan<WebhookSecret> secrets, TimeSpan? tolerance)
    {
        if (secrets.IsEmpty)
        {
            throw new ArgumentException("Nothing can be verified without a secret.", nameof(secrets));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(tolerance ?? DefaultTolerance, TimeSpan.Zero, nameof(tolerance));
    }

    private static bool AnyPresent(ReadOnlySpan<string?> values)
    {
        foreach (var value in values)
        {
            if (!string.IsNullOrEmpty(value))
            {
                return true;
            }
        }

        return false;
    }
}
