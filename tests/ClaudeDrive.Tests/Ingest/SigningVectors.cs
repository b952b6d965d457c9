using System.Globalization;
using System.Text;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Tests.Ingest;

/// <summary>
/// Golden vectors: made with Python's hmac, accepted and reproduced by npm standardwebhooks and by the sender's own SDK. The library
/// vectors are those of the Standard Webhooks repository.
/// </summary>
internal static class SigningVectors
{
    public const string SecretA = "whsec_BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=";
    public const string SecretB = "whsec_BwoNEBMWGRwfIiUoKy4xNDc6PUBDRklMT1JVWFteYWQ=";
    public const string SecretC = "whsec_BwwRFhsgJSovNDk+Q0hNUldcYWZrcHV6f4SJjpOYnaI=";

    public const string V3WithA = "v1,m8ibMj5TmzqXzpUaxyl2AXNsurs5SuhWt9NUwpC5xUQ=";
    public const string V3WithB = "v1,4Ht/N7ipWkaAbBfr8vuRjYs7byvETfdk99DITj4eH1c=";
    public const string AsymmetricItem =
        "v1a,AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ==";

    private const string V2Base64 =
        "ewogICJ0eXBlIjogImV2ZW50IiwKICAiaWQiOiAid2hlXzAxVEVTVFZFQ1RPUjAwMDAwMDAwMDAwMDIiLAogICJjcmVhdGVkX2F0IjogIjIwMjUtMTEtMjRUMTY6MDA6"
        + "MDAuMTIzNDU2WiIsCiAgImRhdGEiOiB7CiAgICAidHlwZSI6ICJzZXNzaW9uLnRocmVhZF9pZGxlZCIsCiAgICAiaWQiOiAic2Vzbl8wMVRFU1RTRVNTSU9OMDAwMDAw"
        + "MDAwMDAxIiwKICAgICJvcmdhbml6YXRpb25faWQiOiAib3JnXzAxVEVTVCIsCiAgICAid29ya3NwYWNlX2lkIjogIndya3NwY18wMVRFU1QiLAogICAgInNlc3Npb25f"
        + "dGhyZWFkX2lkIjogInN0aHJfMDFURVNUVEhSRUFEMDAwMDAwMDAwMDEiLAogICAgIm5vdGUiOiAiR3LDtsOfZSDinJMg5pel5pysIgogIH0KfQo=";

    public static Vector V1 { get; } = new(
        SecretA,
        "whe_01TESTVECTOR0000000000001",
        "1764000000",
        """{"type":"event","id":"whe_01TESTVECTOR0000000000001","created_at":"2025-11-24T15:59:58Z","data":{"type":"session.status_idled","id":"sesn_01TESTSESSION000000000001","organization_id":"org_01TEST","workspace_id":"wrkspc_01TEST"}}"""u8
            .ToArray(),
        "v1,XPRSIDClViwvvr9B5x5xXmHDQj4QfCI+8yKPkRHE/9I=");

    public static Vector V2 { get; } = new(
        SecretA,
        "whe_01TESTVECTOR0000000000002",
        "1764000005",
        Convert.FromBase64String(V2Base64),
        "v1,I+R7lamofcOFmt1z8xo0iJWYVat870SwjRwE1D3JmjE=");

    public static Vector V3 { get; } = new(
        SecretA,
        "whe_01TESTVECTOR0000000000003",
        "1764000010",
        """{"type":"event","id":"whe_01TESTVECTOR0000000000003","created_at":"2025-11-24T16:00:10Z","data":{"type":"user_profile.enforcement_action_opened","id":"uprof_01TEST","organization_id":"org_01TEST","enforcement_action_id":"enac_01TEST"}}"""u8
            .ToArray(),
        $"{AsymmetricItem} {V3WithA} {V3WithB}");

    /// <summary>A second attempt of V1.</summary>
    public static Vector V4 { get; } = V1 with { Timestamp = "1764000037", Signature = "v1,XEyDwSMrBi+8kk7zfOVI4hQ4RBgcEEzef5smXKqcTz8=" };

    public static Vector V5 { get; } = new(
        SecretA,
        "whe_01TESTVECTOR0000000000005",
        "1764000020",
        """{"type":"event","id":"whe_01TESTVECTOR0000000000005","created_at":"2025-11-24T16:00:20Z","data":{"type":"widget.polished","id":"wdgt_01TEST","organization_id":"org_01TEST","workspace_id":"wrkspc_01TEST","shade":"blue"}}"""u8
            .ToArray(),
        "v1,nZBs0ZjkS9y0qLQGY2QPYQNoCCM/5Qk/jkbspYKnDzs=");

    /// <summary>The flat shape.</summary>
    public static Vector F1 { get; } = new(
        SecretA,
        "evt_01TESTFLAT000000000001",
        "1764000000",
        """{"id":"evt_01TESTFLAT000000000001","type":"session.status_idled","created_at":"2025-11-24T16:00:00Z","session_id":"sesn_01TESTSESSION000000000001"}"""u8
            .ToArray(),
        "v1,yd0pz/gsOkoe4AZzzbjlYdU9lutHeaflJ5hnae/8o1k=");

    public static Vector LibraryJavaScript { get; } = new(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
        """{"test": 2432232314}"""u8.ToArray(),
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    public static Vector LibraryRust { get; } = new(
        "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
        "1649367553",
        """{"email":"test@example.com","username":"test_user"}"""u8.ToArray(),
        "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=");

    internal sealed record Vector(string Secret, string Id, string Timestamp, byte[] Body, string Signature)
    {
        public DateTimeOffset Time => DateTimeOffset.FromUnixTimeSeconds(long.Parse(Timestamp, CultureInfo.InvariantCulture));

        public string Text => Encoding.UTF8.GetString(Body);

        /// <summary>Verifies with the clock at the vector's timestamp plus an offset.</summary>
        public VerificationResult Verify(int secondsLater = 0, TimeSpan? tolerance = null, params string[] secrets)
        {
            WebhookSecret[] parsed = [.. (secrets.Length == 0 ? [Secret] : secrets).Select(WebhookSecret.Parse)];
            return WebhookSignature.Verify(Body, Id, Timestamp, Signature, parsed, Time.AddSeconds(secondsLater), tolerance);
        }
    }
}
