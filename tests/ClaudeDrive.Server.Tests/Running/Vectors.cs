using System.Security.Cryptography;
using System.Text;

namespace ClaudeDrive.Server.Tests.Running;

/// <summary>The golden vectors of the sender's specification, and signing by code of its own.</summary>
internal static class Vectors
{
    public const string SecretA = "whsec_BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=";
    public const string SecretB = "whsec_BwoNEBMWGRwfIiUoKy4xNDc6PUBDRklMT1JVWFteYWQ=";
    public const string SecretC = "whsec_BwwRFhsgJSovNDk+Q0hNUldcYWZrcHV6f4SJjpOYnaI=";

    /// <summary>Within five minutes of every vector.</summary>
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1764000030);

    public static readonly Vector V1 = new(
        "whe_01TESTVECTOR0000000000001",
        1764000000,
        "v1,XPRSIDClViwvvr9B5x5xXmHDQj4QfCI+8yKPkRHE/9I=",
        """{"type":"event","id":"whe_01TESTVECTOR0000000000001","created_at":"2025-11-24T15:59:58Z","data":{"type":"session.status_idled","id":"sesn_01TESTSESSION000000000001","organization_id":"org_01TEST","workspace_id":"wrkspc_01TEST"}}"""u8.ToArray());

    public static readonly Vector V2 = new(
        "whe_01TESTVECTOR0000000000002",
        1764000005,
        "v1,I+R7lamofcOFmt1z8xo0iJWYVat870SwjRwE1D3JmjE=",
        Convert.FromBase64String(
            "ewogICJ0eXBlIjogImV2ZW50IiwKICAiaWQiOiAid2hlXzAxVEVTVFZFQ1RPUjAwMDAwMDAwMDAwMDIiLAogICJjcmVhdGVkX2F0IjogIjIwMjUtMTEtMjRUMTY6MDA6MDAuMTIzNDU2WiIsCiAgImRhdGEiOiB7CiAgICAidHlwZSI6ICJzZXNzaW9uLnRocmVhZF9pZGxlZCIsCiAgICAiaWQiOiAic2Vzbl8wMVRFU1RTRVNTSU9OMDAwMDAwMDAwMDAxIiwKICAgICJvcmdhbml6YXRpb25faWQiOiAib3JnXzAxVEVTVCIsCiAgICAid29ya3NwYWNlX2lkIjogIndya3NwY18wMVRFU1QiLAogICAgInNlc3Npb25fdGhyZWFkX2lkIjogInN0aHJfMDFURVNUVEhSRUFEMDAwMDAwMDAwMDEiLAogICAgIm5vdGUiOiAiR3LDtsOfZSDinJMg5pel5pysIgogIH0KfQo="));

    public static readonly Vector V3 = new(
        "whe_01TESTVECTOR0000000000003",
        1764000010,
        "v1a,AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ== v1,m8ibMj5TmzqXzpUaxyl2AXNsurs5SuhWt9NUwpC5xUQ= v1,4Ht/N7ipWkaAbBfr8vuRjYs7byvETfdk99DITj4eH1c=",
        """{"type":"event","id":"whe_01TESTVECTOR0000000000003","created_at":"2025-11-24T16:00:10Z","data":{"type":"user_profile.enforcement_action_opened","id":"uprof_01TEST","organization_id":"org_01TEST","enforcement_action_id":"enac_01TEST"}}"""u8.ToArray());

    /// <summary>A second attempt of V1.</summary>
    public static readonly Vector V4 = V1 with { Timestamp = 1764000037, Signature = "v1,XEyDwSMrBi+8kk7zfOVI4hQ4RBgcEEzef5smXKqcTz8=" };

    public static readonly Vector V5 = new(
        "whe_01TESTVECTOR0000000000005",
        1764000020,
        "v1,nZBs0ZjkS9y0qLQGY2QPYQNoCCM/5Qk/jkbspYKnDzs=",
        """{"type":"event","id":"whe_01TESTVECTOR0000000000005","created_at":"2025-11-24T16:00:20Z","data":{"type":"widget.polished","id":"wdgt_01TEST","organization_id":"org_01TEST","workspace_id":"wrkspc_01TEST","shade":"blue"}}"""u8.ToArray());

    /// <summary>A delivery signed now with <see cref="SecretA"/>.</summary>
    public static Vector Signed(string id, string body, string secret = SecretA) => Signed(id, Encoding.UTF8.GetBytes(body), secret);

    public static Vector Signed(string id, byte[] body, string secret = SecretA)
    {
        var timestamp = Now.ToUnixTimeSeconds();
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var mac = HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), content);
        return new Vector(id, timestamp, "v1," + Convert.ToBase64String(mac), body);
    }

    public static string Event(string id, string type = "session.status_idled", string resource = "sesn_1") =>
        $$$"""{"type":"event","id":"{{{id}}}","created_at":"2025-11-24T16:00:00Z","data":{"type":"{{{type}}}","id":"{{{resource}}}","organization_id":"org_1","workspace_id":"wrkspc_1"}}""";
}

/// <summary>One signed delivery.</summary>
internal sealed record Vector(string Id, long Timestamp, string Signature, byte[] Body)
{
    public HttpRequestMessage Request(string path = "/webhooks/claude")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.TryAddWithoutValidation("webhook-id", Id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", Timestamp.ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", Signature);
        return request;
    }
}
