using ClaudeDrive.Ingest;
using Xunit;

namespace ClaudeDrive.Tests.Ingest;

public sealed class EnvelopeParserTests
{
    [Fact]
    public void Parse_UnknownTypeOfUnknownPrefix_KeepsTheTypeAndHasNoResource()
    {
        var vector = SigningVectors.V5;

        var envelope = WebhookRequests.Make(vector.Body, WebhookRequests.Of(vector)).Envelope();

        Assert.True(envelope.IsParsed);
        Assert.Equal("widget.polished", envelope.EventType);
        Assert.Null(envelope.Resource);
        Assert.Equal(("org_01TEST", "wrkspc_01TEST"), (envelope.OrganizationId, envelope.WorkspaceId));
        Assert.Equal("widget.polished", Flat("""{"type":"widget.polished","widget_id":"w"}""").EventType);
    }

    [Theory]
    [InlineData("session.dreamt", "session/x_1")]
    [InlineData("agent.cloned", "agent/x_1")]
    [InlineData("environment.grown", "environment/x_1")]
    [InlineData("deployment.moved", "deployment/x_1")]
    [InlineData("deployment_run.slowed", "deployment_run/x_1")]
    [InlineData("vault.opened", "vault/x_1")]
    [InlineData("memory_store.updated", "memory_store/x_1")]
    [InlineData("user_profile.created", "user_profile/x_1")]
    [InlineData("external_key.rotated", "external_key/x_1")]
    [InlineData("tool.result_pending", "session/x_1")]
    public void Parse_UnknownTypeOfKnownPrefix_FindsTheResource(string type, string resource) =>
        Assert.Equal(resource, Standard(type, "").Resource.ToString());

    [Fact]
    public void Parse_ThreadEvent_IsAboutTheThreadOfItsSession()
    {
        var vector = SigningVectors.V2;

        var envelope = WebhookRequests.Make(vector.Body, WebhookRequests.Of(vector)).Envelope();

        Assert.Equal(new ResourceKey("session_thread", "sthr_01TESTTHREAD00000000001"), envelope.Resource);
        Assert.Equal("sesn_01TESTSESSION000000000001", envelope.ParentId);
        Assert.Equal("sesn_01TESTSESSION000000000001", envelope.SessionId);
        Assert.Equal(new DateTimeOffset(2025, 11, 24, 16, 0, 0, TimeSpan.Zero).AddMicroseconds(123456), envelope.CreatedAt);
    }

    [Fact]
    public void Parse_ThreadEventWithoutThread_IsAboutTheSession()
    {
        var standard = Standard("session.thread_idled", "");
        var flat = Flat("""{"type":"session.thread_idled","session_id":"x_1"}""");

        Assert.Equal((ResourceKey.Session("x_1"), null, "x_1"), (standard.Resource, standard.ParentId, standard.SessionId));
        Assert.Equal((ResourceKey.Session("x_1"), null, "x_1"), (flat.Resource, flat.ParentId, flat.SessionId));
        Assert.Null(Flat("""{"type":"session.thread_idled","session_thread_id":"t_1"}""").Resource);
    }

    [Fact]
    public void Parse_CredentialWithoutVault_CanOnlyBeRecordedAsDeleted()
    {
        Assert.Equal("vault_credential/x_1", Standard("vault_credential.created", ""","vault_id":"v_1" """).Resource.ToString());
        Assert.Null(Standard("vault_credential.created", "").Resource);
        Assert.True(Standard("vault_credential.created", "").IsParsed);
        Assert.Equal("vault_credential/x_1", Standard("vault_credential.deleted", "").Resource.ToString());
    }

    [Theory]
    [InlineData("""{"type":"vault_credential.created","credential_id":"c_1","vault_id":"v_1"}""", "vault_credential/c_1", "v_1")]
    [InlineData("""{"type":"vault_credential.created","vault_credential_id":"c_1","vault_id":"v_1"}""", "vault_credential/c_1", "v_1")]
    [InlineData("""{"type":"vault.created","vault_id":"v_1","credential_id":"c_1"}""", "vault/v_1", null)]
    [InlineData("""{"type":"agent.created","agent_id":"a_1","session_id":"s_1"}""", "agent/a_1", null)]
    [InlineData("""{"type":"deployment_run.failed","deployment_run_id":"r_1","deployment_id":"d_1"}""", "deployment_run/r_1", null)]
    [InlineData("""{"type":"deployment.paused","deployment_run_id":"r_1","deployment_id":"d_1"}""", "deployment/d_1", null)]
    [InlineData("""{"type":"agent.created","resource":{"type":"agent","id":"a_1"}}""", "agent/a_1", null)]
    [InlineData("""{"type":"session.updated","resource":{"id":"s_1","type":"session"}}""", "session/s_1", null)]
    [InlineData("""{"type":"session.updated","data":{"session_id":"s_1"}}""", "session/s_1", null)]
    [InlineData("""{"type":"tool.result_pending","session_id":"s_1"}""", "session/s_1", null)]
    [InlineData("""{"type":"agent.created","resource":{"type":"vault","id":"v_1"}}""", "", null)]
    public void Parse_Flat_TakesTheIdThatFitsTheType(string body, string resource, string? parent)
    {
        var envelope = Flat(body);

        Assert.Equal(resource, envelope.Resource.ToString());
        Assert.Equal(parent, envelope.ParentId);
        Assert.Equal(resource.Length > 0, envelope.IsParsed);
    }

    [Fact]
    public void Parse_DuplicateKeys_TheLastOneCounts()
    {
        const string Body = """
            {"type":"x","data":{"type":"vault.created","id":"v_1","vault_id":"v_1"},"id":"whe_0","id":"whe_1",
             "data":{"id":"a_0","type":"agent.created","id":"a_1"},"type":"event"}
            """;

        Assert.Equal("agent/a_1", WebhookRequests.Standard(Body).Envelope().Resource.ToString());
    }

    [Fact]
    public void Parse_EscapedNamesAndValues_AreRead()
    {
        const string Body = """{"\u0074ype":"event","id":"whe\u005f1","da\u0074a":{"type":"agent\u002ecreated","id":"a\u002f1","\ud800":1}}""";

        var envelope = WebhookRequests.Standard(Body).Envelope();

        Assert.Equal(("agent.created", "agent/a/1"), (envelope.EventType, envelope.Resource.ToString()));
    }

    [Fact]
    public void Parse_LongestIdAndNonAscii_AreKeptAsTheyAre()
    {
        var longest = string.Concat(Enumerable.Repeat("日", 256));

        Assert.Equal(longest, Flat($$"""{"type":"session.updated","session_id":"{{longest}}"}""").SessionId);
        Assert.False(Flat($$"""{"type":"session.updated","session_id":"{{longest}}x"}""").IsParsed);
    }

    [Fact]
    public void Parse_OptionalFieldsOfAnotherType_CountAsAbsent()
    {
        var envelope = Standard("agent.created", ""","organization_id":7,"workspace_id":{"id":"w"}""", "\"created_at\":false,");

        Assert.True(envelope.IsParsed);
        Assert.Equal((null, null, null), (envelope.OrganizationId, envelope.WorkspaceId, envelope.CreatedAt));
    }

    [Theory]
    [InlineData("2026-03-18T14:05:22Z", "2026-03-18T14:05:22.0000000+00:00")]
    [InlineData("2026-03-18T14:05:22.1Z", "2026-03-18T14:05:22.1000000+00:00")]
    [InlineData("2026-03-18T14:05:22.123456789Z", "2026-03-18T14:05:22.1234567+00:00")]
    [InlineData("2026-03-18T16:05:22+02:00", "2026-03-18T14:05:22.0000000+00:00")]
    [InlineData("2026-03-18T00:05:22.5-14:00", "2026-03-18T14:05:22.5000000+00:00")]
    [InlineData("2026-03-18 14:05:22Z", null)]
    [InlineData("2026-03-18T14:05:22", null)]
    [InlineData("2026-03-18T14:05Z", null)]
    [InlineData("2026-02-30T14:05:22Z", null)]
    [InlineData("18 March 2026 14:05:22", null)]
    [InlineData("0001-01-01T00:00:00+14:00", null)]
    public void Parse_CreatedAt_IsRfc3339InUtc(string text, string? expected)
    {
        var envelope = Standard("agent.created", "", $"\"created_at\":\"{text}\",");

        Assert.Equal(expected, envelope.CreatedAt?.ToString("O"));
        Assert.True(envelope.IsParsed);
    }

    private static WebhookEnvelope Standard(string type, string more, string top = "") =>
        WebhookRequests.Standard($$$"""{{{{top}}}"type":"event","data":{"type":"{{{type}}}","id":"x_1"{{{more}}}}}""").Envelope();

    private static WebhookEnvelope Flat(string body) => WebhookRequests.Standard(body).Envelope();
}
