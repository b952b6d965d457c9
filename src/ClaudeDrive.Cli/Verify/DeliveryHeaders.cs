namespace ClaudeDrive.Cli.Verify;

/// <summary>The three webhook headers of a delivery, in either spelling. If any standard one is there, the others are ignored.</summary>
internal sealed record DeliveryHeaders(string Prefix, string[] Ids, string[] Timestamps, string[] Signatures)
{
    public const string StandardPrefix = "webhook-";

    public const string GuidePrefix = "X-Webhook-";

    public bool IsStandard => Prefix == StandardPrefix;

    /// <summary>A lone <c>X-Webhook-Signature</c>: it covers the body only, so freshness comes from the signed body.</summary>
    public bool CoversBodyOnly => !IsStandard && Ids.Length == 0 && Timestamps.Length == 0 && Signatures.Length > 0;

    public string? Id => Ids.Length == 1 ? Ids[0] : null;

    public static DeliveryHeaders Of(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var standard = Take(headers, StandardPrefix);
        return standard.IsEmpty && Take(headers, GuidePrefix) is { IsEmpty: false } guide ? guide : standard;
    }

    private bool IsEmpty => Ids.Length + Timestamps.Length + Signatures.Length == 0;

    private static DeliveryHeaders Take(IReadOnlyList<KeyValuePair<string, string>> headers, string prefix)
    {
        return new DeliveryHeaders(prefix, Values("id"), Values("timestamp"), Values("signature"));

        string[] Values(string name)
        {
            return [.. headers.Where(header => string.Equals(header.Key, prefix + name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value)];
        }
    }
}
