using System.Text.Json;
using ClaudeDrive.Hydration;
using ClaudeDrive.Ingest;
using ClaudeDrive.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static ClaudeDrive.Tests.Fakes.ScriptedTransport;

namespace ClaudeDrive.Tests.Hydration;

/// <summary>What is sent, for every call (claude-api §3.1–§3.3, §4).</summary>
public sealed class ClaudeApiTests
{
    private const string Agents = "managed-agents-2026-04-01";
    private readonly FakeTimeProvider _time = Make.Time();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("session", null, "/v1/sessions/id_1", Agents)]
    [InlineData("session_thread", "sesn_1", "/v1/sessions/sesn_1/threads/id_1", Agents)]
    [InlineData("agent", null, "/v1/agents/id_1", Agents)]
    [InlineData("environment", null, "/v1/environments/id_1", Agents)]
    [InlineData("deployment", null, "/v1/deployments/id_1", Agents)]
    [InlineData("deployment_run", null, "/v1/deployment_runs/id_1", Agents)]
    [InlineData("vault", null, "/v1/vaults/id_1", Agents)]
    [InlineData("vault_credential", "vlt_1", "/v1/vaults/vlt_1/credentials/id_1", Agents)]
    [InlineData("memory_store", null, "/v1/memory_stores/id_1", "agent-memory-2026-07-22")]
    [InlineData("user_profile", null, "/v1/user_profiles/id_1", null)]
    [InlineData("external_key", null, "/v1/organizations/external_keys/id_1", null)]
    public async Task Get_EachKind_AsksItsPathWithItsBeta(string type, string? parent, string path, string? beta)
    {
        var transport = new ScriptedTransport(static _ => Json("""{"id":"id_1","unknown":[1.50]}""", 200, ("request-id", "req_1"), ("anthropic-workspace-id", "w"), ("anthropic-organization-id", "o")));
        var metrics = Make.Metrics();
        using var api = Make.Api(transport, _time, metrics);

        var result = await api.GetAsync(new ResourceKey(type, "id_1"), parent, WorkLane.Normal, Token);

        Assert.True(result.TryGet(out var found, out _));
        Assert.Equal("""{"id":"id_1","unknown":[1.50]}""", System.Text.Encoding.UTF8.GetString(found.Json.Span));
        Assert.Equal(("req_1", "o", "w"), (found.RequestId, found.OrganizationId, found.WorkspaceId));
        var sent = Assert.Single(transport.Sent);
        Assert.Equal(("GET", path), (sent.Method, sent.Path));
        Assert.Equal(beta, sent.Header("anthropic-beta"));
        Assert.Equal("Bearer sk-test", sent.Header("authorization"));
        Assert.Equal(1, metrics.Reads);
    }

    [Theory]
    [InlineData("session_thread", "not_sendable")]
    [InlineData("vault_credential", "not_sendable")]
    [InlineData("something_new", "not_sendable")]
    public async Task Get_WhatCannotBeAsked_IsPermanentAndSendsNothing(string type, string code)
    {
        var transport = new ScriptedTransport(static _ => Json("{}"));
        using var api = Make.Api(transport, _time);

        var result = await api.GetAsync(new ResourceKey(type, "id_1"), null, WorkLane.Normal, Token);

        Assert.Equal((FailureClass.Permanent, code), (result.Failure!.Class, result.Failure.Code));
        Assert.Empty(transport.Sent);
    }

    [Theory]
    [InlineData("sesn_1/../../agents")]
    [InlineData("a b?c=d#e")]
    [InlineData("日本")]
    public async Task Get_StrangeId_StaysInsideItsSegment(string id)
    {
        Uri? asked = null;
        using var api = new ClaudeApi(Make.Options(), Make.Budget(10, _time), Make.Metrics(), _time, new Probe(request => asked = request.RequestUri));

        await api.GetAsync(ResourceKey.Session(id), null, WorkLane.Normal, Token);

        Assert.Equal(["/", "v1/", "sessions/"], asked!.Segments[..3]);
        Assert.Equal(id, Uri.UnescapeDataString(Assert.Single(asked.Segments[3..])));
        Assert.Equal("", asked.Query + asked.Fragment);
    }

    [Fact]
    public async Task ListEvents_SinceAndTypes_AreSentAsArraysWithBrackets()
    {
        var transport = new ScriptedTransport(static _ => Json("""{"data":[],"next_page":null}"""));
        using var api = Make.Api(transport, _time);

        await api.ListEventsAsync("sesn_1", new DateTimeOffset(2026, 3, 1, 0, 0, 0, 123, 456, TimeSpan.Zero), ["user.message", "user.interrupt"], WorkLane.Waiting, Token);

        var sent = Assert.Single(transport.Sent);
        Assert.Equal("/v1/sessions/sesn_1/events", sent.Path);
        Assert.Contains("types[]=user.message", sent.Query, StringComparison.Ordinal);
        Assert.Contains("types[]=user.interrupt", sent.Query, StringComparison.Ordinal);
        Assert.Contains("created_at[gte]=2026-03-01T00:00:00.123456", sent.Query, StringComparison.Ordinal);
        Assert.Contains("limit=1000", sent.Query, StringComparison.Ordinal);
        Assert.Equal(Agents, sent.Header("anthropic-beta"));
    }

    [Fact]
    public async Task ListSessions_ManyPages_FollowsTheCursorWithTheSameFilters()
    {
        var transport = new ScriptedTransport(static request => request.Query.Contains("page=two", StringComparison.Ordinal)
            ? Json("""{"data":[{"id":"c"}],"next_page":null}""", 200, ("request-id", "req_2"))
            : Json("""{"data":[{"id":"a"},{"id":"b"}],"next_page":"two"}""", 200, ("request-id", "req_1")));
        var metrics = Make.Metrics();
        using var api = Make.Api(transport, _time, metrics);

        Assert.True((await api.ListSessionsAsync(WorkLane.Reconciliation, Token)).TryGet(out var list, out _));

        Assert.Equal(["a", "b", "c"], list.Items.Select(static item => item.GetProperty("id").GetString()));
        Assert.Equal(["req_1", "req_2"], list.RequestIds);
        Assert.All(transport.Sent, static request => Assert.Contains("limit=100", request.Query, StringComparison.Ordinal));
        Assert.Equal(2, metrics.Reads);
    }

    [Theory]
    [InlineData("\"\"", true)]
    [InlineData("null", true)]
    [InlineData("17", true)]
    [InlineData("\"same\"", false)]
    public async Task List_CursorThatLeadsNowhere_Ends(string next, bool isEnd)
    {
        var transport = new ScriptedTransport(_ => Json($$"""{"data":[{"id":"a"}],"next_page":{{next}}}"""));
        using var api = Make.Api(transport, _time);

        var result = await api.ListEventsAsync("sesn_1", null, null, WorkLane.Waiting, Token);

        Assert.Equal(isEnd, result.Failure is null);
        Assert.Equal(isEnd ? 1 : 2, transport.Sent.Count);
    }

    [Fact]
    public async Task SendEvent_Answer_IsOnePostWithTheEventAsGiven()
    {
        var transport = new ScriptedTransport(static _ => Json("""{"data":[{"id":"sevt_9"}]}"""));
        var metrics = Make.Metrics();
        using var api = Make.Api(transport, _time, metrics);
        const string Event = """{"type":"user.custom_tool_result","custom_tool_use_id":"sevt_A","content":[{"type":"text","text":"ok"}],"is_error":false}""";

        var result = await api.SendEventAsync("sesn_1", JsonDocument.Parse(Event).RootElement, Token);

        Assert.Null(result.Failure);
        var sent = Assert.Single(transport.Sent);
        Assert.Equal(("POST", "/v1/sessions/sesn_1/events", Agents), (sent.Method, sent.Path, sent.Header("anthropic-beta")));
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse($$"""{"events":[{{Event}}]}""").RootElement, JsonDocument.Parse(sent.Body).RootElement), sent.Body);
        Assert.Equal(0, metrics.Reads);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"type":"limit","max_list_cost":{"amount":"2500","currency":"USD"}}""")]
    public async Task UpdateBudget_Value_IsSentAsGiven(string budget)
    {
        var transport = new ScriptedTransport(static _ => Json("""{"id":"sesn_1"}"""));
        using var api = Make.Api(transport, _time);

        await api.UpdateBudgetAsync("sesn_1", JsonDocument.Parse(budget).RootElement, Token);

        var sent = Assert.Single(transport.Sent);
        Assert.Equal(("POST", "/v1/sessions/sesn_1", Agents), (sent.Method, sent.Path, sent.Header("anthropic-beta")));
        Assert.Equal($$"""{"budget":{{budget}}}""", sent.Body.Replace(" ", "", StringComparison.Ordinal));
    }

    private sealed class Probe(Action<HttpRequestMessage> see) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            see(request);
            return Task.FromResult(Json("{}"));
        }
    }
}
