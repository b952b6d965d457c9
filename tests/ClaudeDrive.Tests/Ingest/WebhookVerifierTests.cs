using ClaudeDrive.Ingest;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace ClaudeDrive.Tests.Ingest;

public sealed class WebhookVerifierTests
{
    private static readonly SigningVectors.Vector V1 = SigningVectors.V1;
    private static readonly WebhookHeaders Headers = WebhookRequests.Of(V1);

    [Fact]
    public void Verify_StandardDelivery_CarriesWhatIsProven()
    {
        var request = WebhookRequests.Make(V1.Body, Headers, at: V1.Time.AddSeconds(2));

        var verdict = request.Verify();

        Assert.True(verdict.IsVerified);
        Assert.Null(verdict.Rejection);
        Assert.Same(request, verdict.Delivery.Request);
        Assert.Equal(V1.Time, verdict.Delivery.SignedAt);
        Assert.Equal(WebhookRequests.Secret.Id, verdict.Delivery.SecretId);
        Assert.Equal(
            new WebhookEnvelope
            {
                EventId = V1.Id,
                EventType = "session.status_idled",
                Dialect = WebhookDialect.Standard,
                CreatedAt = new DateTimeOffset(2025, 11, 24, 15, 59, 58, TimeSpan.Zero),
                Resource = ResourceKey.Session("sesn_01TESTSESSION000000000001"),
                SessionId = "sesn_01TESTSESSION000000000001",
                OrganizationId = "org_01TEST",
                WorkspaceId = "wrkspc_01TEST",
                Lane = WorkLane.Waiting,
            },
            verdict.Delivery.Envelope);
    }

    [Fact]
    public void Verify_SecondAttempt_HasTheSameEventId()
    {
        var again = SigningVectors.V4;

        Assert.Equal(V1.Id, WebhookRequests.Make(again.Body, WebhookRequests.Of(again), at: again.Time).Envelope().EventId);
    }

    [Fact]
    public void Verify_GuideHeaders_CoverTheSameContent()
    {
        var vector = SigningVectors.F1;

        var envelope = WebhookRequests.Make(vector.Body, guide: WebhookRequests.Of(vector)).Envelope();

        Assert.Equal(WebhookDialect.Guide, envelope.Dialect);
        Assert.Equal(vector.Id, envelope.EventId);
        Assert.Equal("sesn_01TESTSESSION000000000001", envelope.SessionId);
    }

    [Fact]
    public void Verify_NoHeaders_IsMissing() => Assert.Equal("signature_missing", WebhookRequests.Make(V1.Body).Code());

    [Fact]
    public void Verify_AnyOfTheThreeAbsent_IsMissing()
    {
        Assert.Equal("signature_missing", WebhookRequests.Make(V1.Body, Headers with { Id = default }).Code());
        Assert.Equal("signature_missing", WebhookRequests.Make(V1.Body, Headers with { Timestamp = default }).Code());
        Assert.Equal("signature_missing", WebhookRequests.Make(V1.Body, Headers with { Signature = default }).Code());
        Assert.Equal("signature_missing", WebhookRequests.Make(V1.Body, Headers with { Signature = "" }).Code());
        Assert.Equal("signature_missing", WebhookRequests.Make(V1.Body, guide: Headers with { Id = default }).Code());
        Assert.Equal("signature_missing", WebhookRequests.Make(V1.Body, guide: Headers with { Timestamp = default }).Code());
    }

    [Fact]
    public void Verify_AnyStandardHeaderPresent_IgnoresTheGuideHeaders()
    {
        Assert.Equal("signature_missing", WebhookRequests.Make(V1.Body, new("", default, default), Headers).Code());
        Assert.Equal("signature_missing", WebhookRequests.Make(V1.Body, new(default, V1.Timestamp, default), Headers).Code());
        Assert.Equal("signature_malformed", WebhookRequests.Make(V1.Body, Headers with { Signature = "v1,x" }, Headers).Code());
        Assert.Null(WebhookRequests.Make(V1.Body, Headers, Headers with { Signature = "v1,x" }).Code());
    }

    [Fact]
    public void Verify_IdRepeatedOrFolded_IsSignatureMalformed()
    {
        Assert.Equal("signature_malformed", WebhookRequests.Make(V1.Body, Headers with { Id = new StringValues([V1.Id, V1.Id]) }).Code());
        Assert.Equal("signature_malformed", WebhookRequests.Make(V1.Body, Headers with { Id = $"{V1.Id},{V1.Id}" }).Code());
        Assert.Equal("signature_malformed", WebhookRequests.Make(V1.Body, Headers with { Id = $"{V1.Id}, {V1.Id}" }).Code());
    }

    [Fact]
    public void Verify_TimestampRepeatedOrFolded_IsTimestampMalformed()
    {
        var twice = new StringValues([V1.Timestamp, V1.Timestamp]);

        Assert.Equal("timestamp_malformed", WebhookRequests.Make(V1.Body, Headers with { Timestamp = twice }).Code());
        Assert.Equal("timestamp_malformed", WebhookRequests.Make(V1.Body, Headers with { Timestamp = $"{V1.Timestamp},{V1.Timestamp}" }).Code());
        Assert.Equal("timestamp_malformed", WebhookRequests.Make(V1.Body, Headers with { Timestamp = "soon" }).Code());
    }

    [Fact]
    public void Verify_SignatureRepeated_EachValueIsReadOnItsOwn()
    {
        var repeated = new StringValues([SigningVectors.AsymmetricItem, V1.Signature]);

        Assert.Null(WebhookRequests.Make(V1.Body, Headers with { Signature = repeated }).Code());
    }

    [Fact]
    public void Verify_SignatureFoldedWithCommas_IsMalformed()
    {
        var folded = $"{SigningVectors.V3WithA},{V1.Signature}";

        Assert.Equal("signature_malformed", WebhookRequests.Make(V1.Body, Headers with { Signature = folded }).Code());
    }

    [Theory]
    [InlineData(301, "timestamp_too_old")]
    [InlineData(300, null)]
    [InlineData(-300, null)]
    [InlineData(-301, "timestamp_too_new")]
    public void Verify_Age_IsJudgedByTheArrival(int seconds, string? code) =>
        Assert.Equal(code, WebhookRequests.Make(V1.Body, Headers, at: V1.Time.AddSeconds(seconds)).Code());

    [Fact]
    public void Verify_OtherSecretOrNone_IsMismatch()
    {
        var verifier = new WebhookVerifier(WebhookDialects.All, WebhookSignature.DefaultTolerance);
        var request = WebhookRequests.Make(V1.Body, Headers);

        Assert.Equal("signature_mismatch", verifier.Verify(request, [WebhookSecret.Parse(SigningVectors.SecretC)]).Rejection?.Code);
        Assert.Equal("signature_mismatch", verifier.Verify(request, []).Rejection?.Code);
        Assert.Equal(
            "signature_mismatch", verifier.Verify(WebhookRequests.BodyOnly(V1.Body), []).Rejection?.Code);
    }

    [Fact]
    public void Verify_DialectNotEnabled_ItsHeadersCountAsMissing()
    {
        Assert.Equal("signature_missing", WebhookRequests.Make(V1.Body, Headers).Code(WebhookDialects.Guide));
        Assert.Equal("signature_missing", WebhookRequests.Make(V1.Body, guide: Headers).Code(WebhookDialects.Standard));
        Assert.Equal("signature_missing", WebhookRequests.BodyOnly(V1.Body).Code(WebhookDialects.Standard));
        Assert.Equal("signature_missing", WebhookRequests.Make(V1.Body, Headers, Headers).Code(WebhookDialects.Guide));
    }

    [Fact]
    public void Verify_BodyOnlySignature_DoesNotPassBesideAnId()
    {
        var bare = WebhookSignature.SignBodyOnly(V1.Body, WebhookRequests.Secret);

        Assert.Equal("signature_malformed", WebhookRequests.Make(V1.Body, Headers with { Signature = bare }).Code());
        Assert.Equal("signature_malformed", WebhookRequests.Make(V1.Body, guide: Headers with { Signature = bare }).Code());
    }

    [Fact]
    public void Verify_OnlySignatureOfAStandardDelivery_CannotBeUsedAlone() =>
        Assert.Equal("signature_mismatch", WebhookRequests.BodyOnly(V1.Body, V1.Signature).Code());

    [Fact]
    public void Constructor_RuleOutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new WebhookVerifier(WebhookDialects.None, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WebhookVerifier((WebhookDialects)4, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WebhookVerifier(WebhookDialects.All, TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WebhookVerifier(WebhookDialects.All, TimeSpan.FromDays(2)));
    }

    [Fact]
    public void Rejection_Codes_AreThoseOfTheContract()
    {
        string[] contract =
        [
            "signature_missing", "signature_malformed", "signature_mismatch", "timestamp_malformed", "timestamp_too_old", "timestamp_too_new",
            "id_mismatch", "body_malformed",
        ];

        Assert.Equal(contract, Rejection.All.Select(r => r.Code));
        Assert.All(
            Enum.GetValues<VerificationOutcome>().Where(o => o != VerificationOutcome.Valid),
            outcome => Assert.Contains(Rejection.For(outcome), Rejection.All));
    }

    [Fact]
    public void WebhookVerdict_Default_IsARejection()
    {
        Assert.False(default(WebhookVerdict).IsVerified);
        Assert.NotNull(default(WebhookVerdict).Rejection);
    }

    [Fact]
    public void Issuer_Heirs_AreTheVerifierAlone() =>
        Assert.Equal(
            [typeof(WebhookVerifier)],
            typeof(VerifiedDelivery).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(VerifiedDelivery.Issuer))));
}
