using System.Security.Cryptography;
using System.Text;
using ClaudeDrive.Ingest;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace ClaudeDrive.Tests.Ingest;

public sealed class WebhookVerifierBodyTests
{
    private const string Flat = """{"id":"evt_1","type":"session.status_idled","created_at":"2025-11-24T16:00:00Z","session_id":"sesn_1"}""";

    public static TheoryData<string> NotJson =>
    [
        "",
        " ",
        "hello",
        "{",
        """{"id":"whe_1""",
        """{"id":"whe_1"} {}""",
        """{"id":"whe_1",}""",
        """{"id":"whe_1"} // note""",
        "{'id':'whe_1'}",
        """{"id":"raw""" + "\n" + """newline"}""",
        "\ufeff{}",
        "NaN",
        string.Concat(Enumerable.Repeat("[", 1000)) + string.Concat(Enumerable.Repeat("]", 1000)),
        string.Concat(Enumerable.Repeat("""{"data":""", 1000)) + "1" + new string('}', 1000),
        new string('[', 65) + new string(']', 65),
        $$"""{"x":{{new string('[', 64)}}{{new string(']', 64)}}}""",
    ];

    [Theory]
    [MemberData(nameof(NotJson))]
    public void Verify_SignedButNotJson_IsBodyMalformed(string body)
    {
        Assert.Equal("body_malformed", WebhookRequests.Standard(body).Code());
        Assert.Equal("body_malformed", WebhookRequests.BodyOnly(body).Code());
    }

    [Fact]
    public void Verify_SignedButNotUtf8_IsBodyMalformed()
    {
        byte[] lone = [.. """{"id":"whe_1","note":" """u8, 0xFF, .. "\"}"u8];
        byte[] surrogate = [.. """{"note":" """u8, 0xED, 0xA0, 0x80, .. "\"}"u8];
        var utf16 = Encoding.Unicode.GetBytes("{}");

        Assert.Equal("body_malformed", WebhookRequests.Standard(lone).Code());
        Assert.Equal("body_malformed", WebhookRequests.Standard(surrogate).Code());
        Assert.Equal("body_malformed", WebhookRequests.Standard(utf16).Code());
    }

    [Fact]
    public void Verify_Unsigned_BodyIsNotEvenLookedAt() =>
        Assert.Equal("signature_mismatch", WebhookRequests.Make("{"u8.ToArray(), WebhookRequests.Of(SigningVectors.V1)).Code());

    [Fact]
    public void Verify_NestedSixtyFourDeep_IsKept()
    {
        var nested = new string('[', 63) + new string(']', 63);
        var body = $$$"""{"x":{{{nested}}},"id":"whe_1","type":"event","data":{"type":"agent.created","id":"agent_1"}}""";

        Assert.Equal("agent.created", WebhookRequests.Standard(body).Envelope().EventType);
    }

    public static TheoryData<string> OtherShapes =>
    [
        "[]",
        "42",
        "null",
        "\"text\"",
        "{}",
        """[{"id":"whe_2","type":"event"}]""",
        """{"hello":"world"}""",
        """{"test": 2432232314}""",
        """{"id":"whe_1"}""",
        """{"id":"whe_1","type":"event"}""",
        """{"id":"whe_1","type":"event","data":null}""",
        """{"id":"whe_1","type":"event","data":[]}""",
        """{"id":"whe_1","type":"event","data":{"type":"agent.created"}}""",
        """{"id":"whe_1","type":"event","data":{"id":"agent_1"}}""",
        """{"id":"whe_1","type":"event","data":{"type":7,"id":"agent_1"}}""",
        """{"id":"whe_1","type":"event","data":{"type":"agent.created","id":7}}""",
        """{"id":"whe_1","type":"event","data":{"type":"agent.created","id":""}}""",
        """{"id":"whe_1","type":"event","data":{"type":"agent.created","id":"a\u0000b"}}""",
        """{"id":"whe_1","type":"event","data":{"type":"agent.created","id":"\ud800"}}""",
        """{"id":5,"type":["event"],"data":{"type":"agent.created","id":"agent_1"}}""",
        """{"id":"whe_1","type":"session.status_idled"}""",
        """{"id":"whe_1","type":"session.status_idled","agent_id":"agent_1"}""",
        """{"id":"whe_1","type":"session.status_idled","session_id":{"id":"sesn_1"}}""",
        $$"""{"id":"whe_1","type":"session.status_idled","session_id":"{{new string('s', 257)}}"}""",
        $$"""{"id":"whe_1","type":"{{new string('t', 257)}}"}""",
        $$"""{"id":"whe_1","type":"session.status_idled","session_id":"{{new string('s', 100_000)}}"}""",
    ];

    [Theory]
    [MemberData(nameof(OtherShapes))]
    public void Verify_SignedJsonOfAnotherShape_IsKeptUnparsed(string body)
    {
        var envelope = WebhookRequests.Standard(body).Envelope();

        Assert.False(envelope.IsParsed);
        Assert.Equal("unparsed", envelope.EventType);
        Assert.Equal("whe_1", envelope.EventId);
        Assert.Null(envelope.Resource);
    }

    [Fact]
    public void Verify_ShapeOfADialectNotEnabled_IsKeptUnparsed()
    {
        var flat = SigningVectors.F1;
        var flatUnderStandard = WebhookRequests.Make(flat.Body, WebhookRequests.Of(flat)).Envelope(WebhookDialects.Standard);
        var nested = SigningVectors.V1;
        var nestedUnderGuide = WebhookRequests.Make(nested.Body, guide: WebhookRequests.Of(nested)).Envelope(WebhookDialects.Guide);

        Assert.Equal((false, WebhookDialect.Standard, flat.Id), (flatUnderStandard.IsParsed, flatUnderStandard.Dialect, flatUnderStandard.EventId));
        Assert.Equal((false, WebhookDialect.Guide, nested.Id), (nestedUnderGuide.IsParsed, nestedUnderGuide.Dialect, nestedUnderGuide.EventId));
        Assert.Equal(WebhookDialect.Guide, WebhookRequests.Make(flat.Body, WebhookRequests.Of(flat)).Envelope().Dialect);
        Assert.Equal(WebhookDialect.Standard, WebhookRequests.Make(nested.Body, guide: WebhookRequests.Of(nested)).Envelope().Dialect);
    }

    [Theory]
    [InlineData("""{"id":"whe_2","type":"event","data":{"type":"agent.created","id":"agent_1"}}""")]
    [InlineData("""{"id":"WHE_1","type":"session.updated","session_id":"sesn_1"}""")]
    [InlineData("""{"id":"whe_2"}""")]
    [InlineData("""{"id":"whe_1","id":"whe_2"}""")]
    public void Verify_BodyIdIsNotTheHeaders_IsIdMismatch(string body)
    {
        Assert.Equal("id_mismatch", WebhookRequests.Standard(body).Code());
        var bytes = Encoding.UTF8.GetBytes(body);
        Assert.Equal("id_mismatch", WebhookRequests.Make(bytes, guide: WebhookRequests.Sign(bytes, "whe_1")).Code());
    }

    [Fact]
    public void Verify_BodyWithoutId_TakesTheHeaders()
    {
        var envelope = WebhookRequests.Standard("""{"type":"event","data":{"type":"agent.created","id":"agent_1"}}""").Envelope();

        Assert.Equal(("whe_1", "agent.created"), (envelope.EventId, envelope.EventType));
    }

    [Fact]
    public void Verify_BodyOnly_EveryWritingOfTheSignatureIsRead()
    {
        var body = Encoding.UTF8.GetBytes(Flat);
        var hex = WebhookSignature.SignBodyOnly(body, WebhookRequests.Secret);
        var base64 = Convert.ToBase64String(Convert.FromHexString(hex));
        string[] forms = [hex, hex.ToUpperInvariant(), base64];
        string[] prefixes = ["", "sha256=", "v1,"];

        foreach (var signature in forms.SelectMany(form => prefixes.Select(prefix => prefix + form)))
        {
            Assert.Equal("evt_1", WebhookRequests.BodyOnly(body, signature).Envelope().EventId);
            Assert.True(WebhookSignature.VerifyBodyOnly(body, signature, [WebhookRequests.Secret], WebhookRequests.Now).IsValid);
        }

        Assert.Null(WebhookRequests.BodyOnly(body, new StringValues(["sha256=00", base64])).Code());
        Assert.Null(WebhookRequests.BodyOnly(body, $"unknown sha256={hex}").Code());
        Assert.Equal("signature_malformed", WebhookRequests.BodyOnly(body, $"v1,{base64},v1,{base64}").Code());
    }

    [Theory]
    [InlineData("", "signature_missing")]
    [InlineData("sha256=", "signature_malformed")]
    [InlineData("v1,abc", "signature_malformed")]
    [InlineData("sha512=00", "signature_malformed")]
    [InlineData("v1,AAA=,v1,BBB=", "signature_malformed")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", "signature_mismatch")]
    [InlineData("000000000000000000000000000000000000000000000000000000000000000g", "signature_malformed")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "signature_mismatch")]
    public void Verify_BodyOnlyForeignSignature_IsRefused(string signature, string code) =>
        Assert.Equal(code, WebhookRequests.BodyOnly(Encoding.UTF8.GetBytes(Flat), signature).Code());

    [Theory]
    [InlineData("2025-11-24T16:00:00Z", null)]
    [InlineData("2025-11-24T15:55:00Z", null)]
    [InlineData("2025-11-24T15:54:59Z", "timestamp_too_old")]
    [InlineData("2025-11-24T16:05:00.999999999Z", null)]
    [InlineData("2025-11-24T16:05:01Z", "timestamp_too_new")]
    [InlineData("2025-11-24T18:00:00.5+02:00", null)]
    [InlineData("2025-11-24T09:00:00-07:00", null)]
    [InlineData("2025-11-24T16:00:00", "timestamp_malformed")]
    [InlineData("2025-11-24", "timestamp_malformed")]
    [InlineData("2025-13-24T16:00:00Z", "timestamp_malformed")]
    [InlineData("1764000000", "timestamp_malformed")]
    [InlineData("", "timestamp_malformed")]
    public void Verify_BodyOnlyAge_IsThatOfCreatedAt(string createdAt, string? code)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"id":"evt_1","type":"session.updated","session_id":"sesn_1","created_at":"{{createdAt}}"}""");
        var signature = WebhookSignature.SignBodyOnly(body, WebhookRequests.Secret);

        Assert.Equal(code, WebhookRequests.BodyOnly(body).Code());
        var outcome = WebhookSignature.VerifyBodyOnly(body, signature, [WebhookRequests.Secret], WebhookRequests.Now).Outcome;
        Assert.Equal(code, outcome == VerificationOutcome.Valid ? null : Rejection.For(outcome).Code);
    }

    [Theory]
    [InlineData("""{"id":"evt_1","type":"session.updated","session_id":"sesn_1"}""")]
    [InlineData("""{"id":"evt_1","created_at":1764000000}""")]
    [InlineData("""{"data":{"created_at":"2025-11-24T16:00:00Z"}}""")]
    [InlineData("[]")]
    public void Verify_BodyOnlyWithoutCreatedAt_IsTimestampMalformed(string body) =>
        Assert.Equal("timestamp_malformed", WebhookRequests.BodyOnly(body).Code());

    [Fact]
    public void VerifyBodyOnly_NotJson_IsTimestampMalformed()
    {
        var signature = WebhookSignature.SignBodyOnly("{"u8, WebhookRequests.Secret);

        var result = WebhookSignature.VerifyBodyOnly("{"u8, signature, [WebhookRequests.Secret], WebhookRequests.Now);

        Assert.Equal(VerificationOutcome.TimestampMalformed, result.Outcome);
    }

    [Fact]
    public void Verify_BodyOnlyOfUnknownShape_IsNamedByItsHash()
    {
        const string Body = """{"created_at":"2025-11-24T16:00:00Z","what":"ever"}""";

        var envelope = WebhookRequests.BodyOnly(Body).Envelope();

        Assert.Equal("body_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Body))), envelope.EventId);
        Assert.Equal((false, WebhookDialect.Guide, "unparsed"), (envelope.IsParsed, envelope.Dialect, envelope.EventType));
        Assert.Equal(WebhookRequests.Now, envelope.CreatedAt);
    }
}
