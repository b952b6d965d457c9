using System.Globalization;
using System.Text;
using ClaudeDrive.Ingest;
using Microsoft.Extensions.Primitives;

namespace ClaudeDrive.Tests.Ingest;

/// <summary>Makes signed requests, as a sender would, and verifies them.</summary>
internal static class WebhookRequests
{
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1764000000);

    public static readonly WebhookSecret Secret = WebhookSecret.Parse(SigningVectors.SecretA);

    public static WebhookHeaders Sign(ReadOnlySpan<byte> body, string id) =>
        new(id, Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), WebhookSignature.Sign(body, id, Now, Secret));

    public static WebhookHeaders Of(SigningVectors.Vector vector) => new(vector.Id, vector.Timestamp, vector.Signature);

    public static WebhookRequest Standard(string body, string id = "whe_1") => Standard(Encoding.UTF8.GetBytes(body), id);

    public static WebhookRequest Standard(byte[] body, string id = "whe_1") => Make(body, standard: Sign(body, id));

    public static WebhookRequest BodyOnly(string body) => BodyOnly(Encoding.UTF8.GetBytes(body));

    public static WebhookRequest BodyOnly(byte[] body, StringValues? signature = null) =>
        Make(body, guide: new(default, default, signature ?? WebhookSignature.SignBodyOnly(body, Secret)));

    public static WebhookRequest Make(byte[] body, WebhookHeaders standard = default, WebhookHeaders guide = default, DateTimeOffset? at = null) =>
        new() { Endpoint = "default", Standard = standard, Guide = guide, Body = body, ReceivedAt = at ?? Now, RemoteIp = "192.0.2.1" };

    public static WebhookVerdict Verify(this WebhookRequest request, WebhookDialects dialects = WebhookDialects.All) =>
        new WebhookVerifier(dialects, WebhookSignature.DefaultTolerance).Verify(request, [Secret]);

    public static WebhookEnvelope Envelope(this WebhookRequest request, WebhookDialects dialects = WebhookDialects.All)
    {
        var verdict = request.Verify(dialects);
        return verdict.IsVerified ? verdict.Delivery.Envelope : throw new Xunit.Sdk.XunitException($"Refused: {verdict.Rejection}");
    }

    public static string? Code(this WebhookRequest request, WebhookDialects dialects = WebhookDialects.All) => request.Verify(dialects).Rejection?.Code;
}
