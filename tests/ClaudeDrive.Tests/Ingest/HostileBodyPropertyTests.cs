using System.Globalization;
using System.Text;
using System.Text.Json;
using ClaudeDrive.Ingest;
using CsCheck;
using Xunit;

namespace ClaudeDrive.Tests.Ingest;

/// <summary>
/// Well-formed JSON by somebody who knows our fields and means harm, signed and not: never an exception, never an id that was not sent, never accepted
/// without proof. A failure is shrunk and prints its seed.
/// </summary>
public sealed class HostileBodyPropertyTests
{
    private static readonly Gen<string> Names = Gen.OneOf(
        "id", "type", "created_at", "data", "resource", "organization_id", "workspace_id", "session_id", "session_thread_id", "agent_id", "environment_id",
        "deployment_run_id", "deployment_id", "vault_credential_id", "credential_id", "vault_id", "memory_store_id", "user_profile_id", "external_key_id",
        "i\\u0064", "\\ud800", "", "note", new string('n', 300));

    private static readonly Gen<string> Types = Gen.OneOf(
        [
            .. EventCatalog.Standard.Select(static rule => rule.EventType), .. EventCatalog.GuideOnly.Select(static rule => rule.EventType),
            "event", "session.", "session", "tool.", ".deleted", "session.thread_", "widget.polished", "agent.deleted.deleted",
        ]);

    private static readonly Gen<string> Values = Gen.OneOf(
        Types.Select(Quote),
        Gen.OneOf("\"whe_1\"", "\"sesn_1\"", "\"2025-11-24T16:00:00Z\"", "\"2025-11-24T16:00:00+14:59\"", "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59Z\"", "\"25\""),
        Gen.OneOf("null", "true", "7", "-1e999", "1E+400", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "\"\\\"\"", "[]", "{}", "\"a\\nb\""),
        Gen.Int[0, 600].Select(static length => Quote(new string('x', length))),
        Gen.String.Select(Quote));

    private static readonly Gen<string> Bodies = Gen.Recursive<string>(static (depth, inner) => depth == 3
        ? Values
        : Gen.Frequency(
            (2, Values),
            (5, Gen.Select(Names, Gen.OneOf(Values, inner), static (name, value) => $"\"{name}\":{value}").Array[0, 8].Select(static members => $"{{{string.Join(',', members)}}}")),
            (1, inner.Array[0, 4].Select(static items => $"[{string.Join(',', items)}]"))));

    private static readonly Gen<WebhookDialects> Dialects = Gen.OneOf(WebhookDialects.Standard, WebhookDialects.Guide, WebhookDialects.All);

    private static readonly Gen<WebhookSecret> Secrets =
        Gen.Byte.Array[24, 64].Select(static key => WebhookSecret.Parse("whsec_" + Convert.ToBase64String(key)));

    [Fact]
    public void Verify_AnySignedJson_IsKeptAsSentOrRefused() => Gen.Select(Bodies, Dialects).Sample(
        static (body, dialects) =>
        {
            Check(WebhookRequests.Standard(body), body, dialects);
            Check(WebhookRequests.BodyOnly(body), body, dialects);
            Check(WebhookRequests.Make(Encoding.UTF8.GetBytes(body), guide: WebhookRequests.Sign(Encoding.UTF8.GetBytes(body), "whe_1")), body, dialects);
        },
        iter: 10_000);

    [Fact]
    public void Verify_DeepOrWideJson_IsKeptOrRefused() => Gen.Select(Gen.Int[1, 200], Gen.Bool, Gen.Bool).Sample(static (depth, isArray, isClosed) =>
    {
        var body = string.Concat(Enumerable.Repeat(isArray ? "[" : "{\"data\":", depth)) + "1" + (isClosed ? new string(isArray ? ']' : '}', depth) : "");
        var verdict = WebhookRequests.Standard(body).Verify();
        return isClosed && depth <= EventBody.MaxDepth ? verdict.IsVerified : verdict.Rejection?.Code == "body_malformed";
    });

    [Fact]
    public void Verify_ProofOfAnotherRequest_IsNeverAccepted() => Gen.Select(Bodies, Bodies, Secrets, Gen.Int[0, 5], Gen.Int[-400, 400]).Sample(
        static (body, other, secret, change, shift) =>
        {
            var (bytes, now) = (Encoding.UTF8.GetBytes(body), WebhookRequests.Now);
            var (id, timestamp) = ("whe_1", now.ToUnixTimeSeconds());
            var signature = WebhookSignature.Sign(bytes, id, now, secret);
            WebhookSecret[] secrets = [secret];
            var isTouched = true;
            switch (change)
            {
                case 0:
                    isTouched = other != body;
                    bytes = Encoding.UTF8.GetBytes(other);
                    break;
                case 1:
                    id = "whe_2";
                    break;
                case 2:
                    isTouched = shift != 0;
                    timestamp += shift;
                    break;
                case 3:
                    secrets = [WebhookRequests.Secret];
                    break;
                case 4:
                    signature = signature[3..]; // Without its version.
                    break;
                default:
                    signature = WebhookSignature.SignBodyOnly(bytes, secret); // Proof of the body says nothing of id and time.
                    break;
            }

            var text = timestamp.ToString(CultureInfo.InvariantCulture);
            return WebhookSignature.Verify(bytes, id, text, signature, secrets, now).IsValid == !isTouched;
        },
        iter: 5_000);

    [Fact]
    public void SignThenVerify_OneOfManySecretsAndSignatures_IsFoundWithinTheTolerance() =>
        Gen.Select(Bodies, Secrets.Array[1, 4], Secrets, Gen.Int[0, 3], Gen.Int[-400, 400]).Sample(
            static (body, secrets, stranger, index, age) =>
            {
                var bytes = Encoding.UTF8.GetBytes(body);
                var at = WebhookRequests.Now.AddSeconds(age);
                var ours = secrets[index % secrets.Length];
                string[] headers = [$"v1a,{new string('A', 88)} {WebhookSignature.Sign(bytes, "whe_1", at, stranger)}", WebhookSignature.Sign(bytes, "whe_1", at, ours)];

                var result = WebhookSignature.Verify(
                    bytes, "whe_1", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), headers, secrets, WebhookRequests.Now);

                var expected = age < -300 ? VerificationOutcome.TimestampTooOld : age > 300 ? VerificationOutcome.TimestampTooNew : VerificationOutcome.Valid;
                return result.Outcome == expected && (!result.IsValid || result.SecretId == ours.Id);
            },
            iter: 2_000);

    private static void Check(WebhookRequest request, string body, WebhookDialects dialects)
    {
        var verdict = request.Verify(dialects);
        if (!verdict.IsVerified)
        {
            Assert.Contains(verdict.Rejection.Code, (string[])["signature_missing", "body_malformed", "id_mismatch", "timestamp_malformed", "timestamp_too_old", "timestamp_too_new"]);
            return;
        }

        // Whatever is stored was sent as such; nothing is cut, joined or guessed.
        var envelope = verdict.Delivery.Envelope;
        var sent = Texts(body);
        string?[] ids = [envelope.Resource?.Id, envelope.ParentId, envelope.SessionId, envelope.OrganizationId, envelope.WorkspaceId];
        Assert.All(ids.OfType<string>(), id => Assert.Contains(id, sent));
        Assert.True(envelope.EventType == EnvelopeParser.UnparsedType ? !envelope.IsParsed || sent.Contains("unparsed") : sent.Contains(envelope.EventType));
        Assert.All(
            ids.Append(envelope.EventId).Append(envelope.EventType).OfType<string>(),
            static text => Assert.True(text.Length is > 0 and <= 256 && !text.Any(char.IsControl), "a text that no store should meet"));
        Assert.True(envelope.Resource is not { Type: ResourceKey.SessionThreadType } || envelope.ParentId is not null, "a thread without its session");
    }

    private static HashSet<string> Texts(string body)
    {
        HashSet<string> texts = new(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(body));
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                try
                {
                    texts.Add(reader.GetString()!);
                }
                catch (InvalidOperationException)
                {
                    // Half a character: no text.
                }
            }
        }

        return texts;
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
