using System.Security.Cryptography;
using System.Text;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Fuzz;

/// <summary>
/// Signature headers: id, timestamp, signature and body, a line each. Valid must mean that .NET's own HMAC, called here, made one of the signatures; and
/// what we sign for any usable id must be valid.
/// </summary>
internal sealed class SignatureTarget : IFuzzTarget
{
    private const string Secret = "whsec_BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=";

    private static readonly byte[] Key = Convert.FromBase64String(Secret["whsec_".Length..]);

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1764000030);

    private readonly WebhookSecret[] _secrets = [.. WebhookSecret.ParseMany(Secret)];

    public string Name => "signature";

    public IReadOnlyList<byte[]> Tokens { get; } = Payloads.Texts("v1,", "v1a,", "sha256=", " ", ",", "\n", "1764000000", "=", ".", Sign("whe_1", "1764000000", "{}"u8));

    public IEnumerable<byte[]> Seeds() => Payloads.Texts(
        $"whe_1\n1764000000\n{Sign("whe_1", "1764000000", "{}"u8)}\n{{}}",
        $"whe_1\n1764000000\nv1a,AAAA v1,AAAA {Sign("whe_1", "1764000000", "{}"u8)}\n{{}}",
        $"whe_1\n01764000000\n{Sign("whe_1", "01764000000", "{}"u8)}\n{{}}",
        "\n\n\n",
        $"a\nb\n{Convert.ToHexString(HMACSHA256.HashData(Key, "{\"created_at\":\"2025-11-24T16:00:00Z\"}"u8))}\n{{\"created_at\":\"2025-11-24T16:00:00Z\"}}",
        $"a\nb\nsha256={Convert.ToBase64String(HMACSHA256.HashData(Key, "{}"u8))}\n{{}}");

    public void Run(ReadOnlySpan<byte> input)
    {
        var (id, timestamp, signature) = (Line(ref input), Line(ref input), Line(ref input));
        var body = input.ToArray();
        var result = WebhookSignature.Verify(body, id, timestamp, signature, _secrets, Now);
        if (result.IsValid)
        {
            FindingException.Unless(signature.Split(' ').Contains(Sign(id, timestamp, body), StringComparer.Ordinal), "valid, and yet not signed");
            FindingException.Unless(long.TryParse(timestamp, out var seconds) && Math.Abs(seconds - Now.ToUnixTimeSeconds()) <= 300, "valid, and yet not fresh");
        }

        var alone = WebhookSignature.MatchBodyOnly(body, new ReadOnlySpan<string?>(in signature), _secrets);
        if (alone.IsValid)
        {
            var mac = HMACSHA256.HashData(Key, body);
            FindingException.Unless(
                signature.Contains(Convert.ToBase64String(mac), StringComparison.Ordinal) || signature.Contains(Convert.ToHexString(mac), StringComparison.OrdinalIgnoreCase),
                "the body alone is valid, and yet not signed");
        }

        if (id.Length is > 0 and <= WebhookSignature.MaxIdLength && id.All(static c => c is > ' ' and <= '~' and not ('.' or ',')))
        {
            var made = WebhookSignature.Sign(body, id, Now, _secrets[0]);
            var text = Now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
            FindingException.Unless(made == Sign(id, text, body) && WebhookSignature.Verify(body, id, text, made, _secrets, Now).IsValid, "what we signed is not valid");
        }
    }

    private static string Line(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)'\n');
        var line = Encoding.Latin1.GetString(end < 0 ? rest : rest[..end]);
        rest = end < 0 ? [] : rest[(end + 1)..];
        return line;
    }

    private static string Sign(string id, string timestamp, ReadOnlySpan<byte> body)
    {
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(Key, content));
    }
}
