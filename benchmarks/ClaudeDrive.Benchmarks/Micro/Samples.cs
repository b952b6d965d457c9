using System.Globalization;
using System.Text;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Benchmarks.Micro;

/// <summary>Bodies as Claude sends them, grown to a size with a field that nobody knows.</summary>
internal static class Samples
{
    /// <summary>Id of every sample.</summary>
    public const string EventId = "whe_01Sample4Qm7Vd2Xs9KpR3Tb";

    /// <summary>The one secret.</summary>
    public static WebhookSecret Secret { get; } = WebhookSecret.Parse("whsec_BwwRFhsgJSovNDk+Q0hNUldcYWZrcHV6f4SJjpOYnaI=");

    /// <summary>When every sample was sent.</summary>
    public static DateTimeOffset SentAt { get; } = new(2026, 3, 18, 14, 5, 22, TimeSpan.Zero);

    /// <summary><see cref="SentAt"/> as the header has it.</summary>
    public static string Timestamp { get; } = SentAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>A body in the standard dialect with exactly that many bytes.</summary>
    public static byte[] Standard(int bytes) => Grown(
        $$$"""
        {"type":"event","id":"{{{EventId}}}","created_at":"2026-03-18T14:05:22Z","data":{"type":"session.status_idled","id":"sesn_01Sample","organization_id":"org_sample","workspace_id":"wrkspc_sample"}
        """,
        bytes);

    /// <summary>A body in the guide's dialect with exactly that many bytes.</summary>
    public static byte[] Guide(int bytes) => Grown(
        $$$"""
        {"type":"session.status_idled","id":"{{{EventId}}}","created_at":"2026-03-18T14:05:22Z","session_id":"sesn_01Sample","organization_id":"org_sample","workspace_id":"wrkspc_sample"
        """,
        bytes);

    /// <summary>The header that signs a body.</summary>
    public static string Sign(byte[] body) => WebhookSignature.Sign(body, EventId, SentAt, Secret);

    private static byte[] Grown(string open, int bytes)
    {
        const string Before = ",\"more\":\"";
        const string After = "\"}";
        var filler = bytes - open.Length - Before.Length - After.Length;
        return Encoding.ASCII.GetBytes(open + Before + new string('x', filler) + After);
    }
}
