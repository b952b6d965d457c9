using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Cli.Verify;

/// <summary>Everything about a delivery that can be checked without computing a signature.</summary>
internal sealed class SignatureReading
{
    public const string MatchName = "match";

    private const int ToleranceSeconds = 300;

    private readonly List<SignatureCheck> _before = [];
    private readonly List<SignatureCheck> _after = [];

    private SignatureReading()
    {
    }

    /// <summary>False when something a signature is computed from is missing.</summary>
    public bool CanMatch { get; private set; }

    /// <summary>When the delivery says it was signed; the epoch when that cannot be read.</summary>
    public DateTimeOffset SignedAt { get; private set; }

    public static SignatureReading Of(SignatureInput input)
    {
        var reading = new SignatureReading();
        var headers = DeliveryHeaders.Of(input.Headers);
        var body = DeliveryBody.Read(input.Body);
        var present = Present(headers);
        var timestamp = Timestamp(headers, body, out var instant);
        reading.SignedAt = instant ?? DateTimeOffset.UnixEpoch;
        var secrets = SecretsReadable.Check(input.Secrets);
        var items = SignatureItems.Check(headers);
        reading._before.AddRange([present, timestamp, Freshness(instant, input.Now), secrets, items]);
        reading._after.AddRange([body.Check, IdsEqual(headers, body)]);
        reading.CanMatch = new[] { present, timestamp, secrets, items }.All(check => check.Passed == true);
        return reading;
    }

    /// <summary>All checks with this match. The code is the receiver's; where it has none, that of the first check that failed.</summary>
    public SignatureDiagnosis Conclude(SignatureCheck match, string? receiverCode)
    {
        List<SignatureCheck> all = [.. _before, match, .. _after];
        return new SignatureDiagnosis(all, receiverCode ?? all.Find(check => check.Passed == false)?.Code);
    }

    public static SignatureCheck NotTried()
    {
        return new SignatureCheck(MatchName, Passed: null, "not tried: mend the checks above first");
    }

    private static SignatureCheck Present(DeliveryHeaders headers)
    {
        const string Name = "headers";
        if (headers.CoversBodyOnly)
        {
            return new(Name, true, "X-Webhook-Signature alone: it covers the body only, freshness comes from the body's created_at");
        }

        var missing = new[] { ("id", headers.Ids), ("timestamp", headers.Timestamps), ("signature", headers.Signatures) }
            .Where(header => header.Item2.Length == 0 || string.IsNullOrWhiteSpace(header.Item2[0]))
            .Select(header => headers.Prefix + header.Item1)
            .ToList();
        if (missing.Count > 0)
        {
            return new(Name, false, $"missing: {string.Join(", ", missing)}. Proxies that drop headers they do not know cause this", "signature_missing");
        }

        return headers.Ids.Length > 1 || headers.Timestamps.Length > 1
            ? new(
                Name,
                false,
                "the id or the timestamp stands there twice; only the signature may repeat",
                headers.Ids.Length > 1 ? "signature_malformed" : "timestamp_malformed")
            : new(Name, true, $"{headers.Prefix}id, -timestamp and -signature are there");
    }

    private static SignatureCheck Timestamp(DeliveryHeaders headers, DeliveryBody body, out DateTimeOffset? instant)
    {
        const string Name = "timestamp";
        instant = null;
        if (headers.CoversBodyOnly)
        {
            instant = body.CreatedAt;
            return instant is { } created
                ? new(Name, true, "created_at of the body is " + Ages.Utc(created))
                : new(Name, false, "the body has no readable created_at", "timestamp_malformed");
        }

        if (headers.Timestamps.Length == 0)
        {
            return new(Name, null, "not there");
        }

        var text = headers.Timestamps[0];
        if (text.Length is 0 or > 12 || text.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return new(Name, false, $"'{text}' is not a number of unix seconds (digits only; milliseconds are too long)", "timestamp_malformed");
        }

        instant = DateTimeOffset.FromUnixTimeSeconds(long.Parse(text, CultureInfo.InvariantCulture) is var seconds and <= 253402300799 ? seconds : 0);
        return new(Name, true, $"{text} is {Ages.Utc(instant.Value)}");
    }

    private static SignatureCheck Freshness(DateTimeOffset? instant, DateTimeOffset now)
    {
        const string Name = "freshness";
        if (instant is not { } at)
        {
            return new(Name, null, "not tried: there is no timestamp");
        }

        // Whole seconds, as senders stamp them: exactly 300 passes in both directions, 301 does not.
        var seconds = now.ToUnixTimeSeconds() - at.ToUnixTimeSeconds();
        var distance = Math.Abs(seconds) < 7200
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(seconds)} s")
            : Ages.Span(TimeSpan.FromSeconds(Math.Abs(seconds)));
        return seconds switch
        {
            > ToleranceSeconds => new(
                Name,
                false,
                $"signed {distance} before {Ages.Utc(now)}; at most {ToleranceSeconds} s is accepted. A saved delivery needs --now; a live one a clock that is right",
                "timestamp_too_old"),
            < -ToleranceSeconds => new(
                Name,
                false,
                $"signed {distance} after {Ages.Utc(now)}; at most {ToleranceSeconds} s is accepted. Your clock is slow, or --now is wrong",
                "timestamp_too_new"),
            >= 0 => new(Name, true, $"signed {distance} before {Ages.Utc(now)}"),
            _ => new(Name, true, $"signed {distance} after {Ages.Utc(now)}"),
        };
    }

    private static SignatureCheck IdsEqual(DeliveryHeaders headers, DeliveryBody body)
    {
        const string Name = "ids";
        if (headers.CoversBodyOnly)
        {
            return new(Name, true, "no id header to compare with");
        }

        return (headers.Id, body.Id) switch
        {
            (null, _) => new(Name, null, "not tried: there is no id header"),
            (_, null) => new(Name, true, "the body has no id to compare with"),
            var (header, inside) when string.Equals(header, inside, StringComparison.Ordinal) => new(Name, true, $"header and body name {header}"),
            var (header, inside) => new(Name, false, $"the header names {header}, the body {inside}: header and body belong to different deliveries", "id_mismatch"),
        };
    }
}
