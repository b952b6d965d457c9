using System.Text.Json;
using Anthropic;
using Anthropic.Core;
using Anthropic.Models.Beta.Sessions;
using Anthropic.Models.Beta.Sessions.Events;
using Anthropic.Models.Beta.Sessions.Threads;
using Anthropic.Models.Beta.Vaults.Credentials;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Hydration;

/// <summary>
/// The Claude API through the official SDK, with its own retries off: our schedule decides. Every read waits for its turn in the budget first.
/// Answers are returned as received, so that fields this version does not know are kept. Never throws for what the API or the network does.
/// </summary>
internal sealed class ClaudeApi : IDisposable
{
    /// <summary>Bytes of one answer at most: the API's own body limit (claude-api §6, 413).</summary>
    private const int MaxAnswerBytes = 32 * 1024 * 1024;

    /// <summary>Events per page: the documented default (claude-api §3.3).</summary>
    private const int EventsPerPage = 1000;

    /// <summary>Sessions per page: the safe maximum (claude-api §11).</summary>
    private const int SessionsPerPage = 100;

    /// <summary>Pages of one list at most, against a cursor that never ends. Ten thousand times a thousand events: chosen.</summary>
    private const int MaxPages = 10_000;

    private readonly HttpClient _http;
    private readonly AnthropicClient _client;
    private readonly ReadBudget _budget;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;

    /// <summary>Uses <paramref name="transport"/> for its connections and disposes it.</summary>
    public ClaudeApi(HydrationOptions options, ReadBudget budget, ClaudeDriveMetrics metrics, TimeProvider time, HttpMessageHandler transport)
    {
        _budget = budget;
        _time = time;
        _timeout = options.RequestTimeout;
        _http = new HttpClient(new ClaudeApiHandler(metrics, transport)) { Timeout = Timeout.InfiniteTimeSpan };
        _client = new AnthropicClient
        {
            ApiKey = options.ApiKey,
            BaseUrl = options.BaseUrl.ToString(),
            HttpClient = _http,
            MaxRetries = 0,
            Timeout = _timeout,
        };
    }

    /// <summary>Reads one resource (claude-api §4).</summary>
    public async Task<ApiResult<ApiObject>> GetAsync(ResourceKey resource, string? parentId, WorkLane lane, CancellationToken cancellationToken)
    {
        var answer = await ReadAsync(token => RetrieveAsync(resource, parentId, token), lane, cancellationToken).ConfigureAwait(false);
        return answer.TryGet(out var found, out _) && !IsResource(found.Json)
            ? new ApiFailure(FailureClass.Transient, "bad_answer", "the answer is not a resource", RequestId: found.RequestId)
            : answer;
    }

    /// <summary>
    /// Lists a session's events in the API's ascending order, from <paramref name="since"/> (by <c>processed_at</c>) or the beginning, to the
    /// end; only of <paramref name="types"/> when given.
    /// </summary>
    public async Task<ApiResult<ApiList>> ListEventsAsync(
        string sessionId, DateTimeOffset? since, IReadOnlyList<string>? types, WorkLane lane, CancellationToken cancellationToken)
    {
        var query = new EventListParams { Limit = EventsPerPage };
        query = since is { } from ? query with { CreatedAtGte = from } : query;
        query = types is null ? query : query with { Types = [.. types] };
        return await ListAsync(
            async (page, token) => await _client.Beta.Sessions.Events.WithRawResponse
                .List(sessionId, page is null ? query : query with { Page = page }, token).ConfigureAwait(false),
            lane,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lists every session that is not archived.</summary>
    public Task<ApiResult<ApiList>> ListSessionsAsync(WorkLane lane, CancellationToken cancellationToken) =>
        ListAsync(
            async (page, token) => await _client.Beta.Sessions.WithRawResponse.List(
                page is null ? new SessionListParams { Limit = SessionsPerPage } : new SessionListParams { Limit = SessionsPerPage, Page = page },
                token).ConfigureAwait(false),
            lane,
            cancellationToken);

    /// <summary>Sends one user event; the answer holds its echo. Not a read: takes nothing from the budget. Never retried here.</summary>
    public Task<ApiResult<ApiObject>> SendEventAsync(string sessionId, JsonElement userEvent, CancellationToken cancellationToken) =>
        CallAsync(
            async token => await _client.Beta.Sessions.Events.WithRawResponse
                .Send(sessionId, new EventSendParams { Events = [new BetaManagedAgentsEventParams(userEvent)] }, token).ConfigureAwait(false),
            cancellationToken);

    /// <summary>Sets (amount in minor units of US dollars) or removes (null) a session's budget. Idempotent at Claude.</summary>
    public Task<ApiResult<ApiObject>> UpdateBudgetAsync(string sessionId, JsonElement budget, CancellationToken cancellationToken)
    {
        var body = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["budget"] = budget };
        var none = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var update = SessionUpdateParams.FromRawUnchecked(none, none, body, sessionId);
        return CallAsync(
            async token => await _client.Beta.Sessions.WithRawResponse.Update(update, token).ConfigureAwait(false),
            cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<HttpResponse> RetrieveAsync(ResourceKey resource, string? parentId, CancellationToken token) => resource.Type switch
    {
        "session" => await _client.Beta.Sessions.WithRawResponse.Retrieve(resource.Id, cancellationToken: token).ConfigureAwait(false),
        "session_thread" => await _client.Beta.Sessions.Threads.WithRawResponse
            .Retrieve(resource.Id, new ThreadRetrieveParams { SessionID = Parent(resource, parentId) }, token).ConfigureAwait(false),
        "agent" => await _client.Beta.Agents.WithRawResponse.Retrieve(resource.Id, cancellationToken: token).ConfigureAwait(false),
        "environment" => await _client.Beta.Environments.WithRawResponse.Retrieve(resource.Id, cancellationToken: token).ConfigureAwait(false),
        "deployment" => await _client.Beta.Deployments.WithRawResponse.Retrieve(resource.Id, cancellationToken: token).ConfigureAwait(false),
        "deployment_run" => await _client.Beta.DeploymentRuns.WithRawResponse.Retrieve(resource.Id, cancellationToken: token).ConfigureAwait(false),
        "vault" => await _client.Beta.Vaults.WithRawResponse.Retrieve(resource.Id, cancellationToken: token).ConfigureAwait(false),
        "vault_credential" => await _client.Beta.Vaults.Credentials.WithRawResponse
            .Retrieve(resource.Id, new CredentialRetrieveParams { VaultID = Parent(resource, parentId) }, token).ConfigureAwait(false),
        "memory_store" => await _client.Beta.MemoryStores.WithRawResponse.Retrieve(resource.Id, cancellationToken: token).ConfigureAwait(false),
        "user_profile" => await _client.UserProfiles.WithRawResponse.Retrieve(resource.Id, cancellationToken: token).ConfigureAwait(false),
        "external_key" => await _client.Organization.ExternalKeys.WithRawResponse.Retrieve(resource.Id, cancellationToken: token).ConfigureAwait(false),
        _ => throw new ArgumentOutOfRangeException(nameof(resource), resource.Type, "This kind of resource cannot be fetched."),
    };

    private static string Parent(ResourceKey resource, string? parentId) =>
        parentId ?? throw new ArgumentException($"A {resource.Type} is fetched under its parent, which the event did not name.", nameof(parentId));

    private async Task<ApiResult<ApiObject>> ReadAsync(
        Func<CancellationToken, Task<HttpResponse>> call, WorkLane lane, CancellationToken cancellationToken)
    {
        try
        {
            await _budget.AcquireAsync(lane, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new ApiFailure(FailureClass.Interrupted, "stopping", "");
        }

        return await CallAsync(call, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ApiResult<ApiList>> ListAsync(
        Func<string?, CancellationToken, Task<HttpResponse>> list, WorkLane lane, CancellationToken cancellationToken)
    {
        List<JsonElement> items = [];
        List<string> requestIds = [];
        List<int> pageEnds = [];
        string? page = null;
        for (var count = 0; count < MaxPages; count++)
        {
            var at = page;
            var answer = await ReadAsync(token => list(at, token), lane, cancellationToken).ConfigureAwait(false);
            if (!answer.TryGet(out var found, out var failure))
            {
                return failure;
            }

            requestIds.Add(found.RequestId);
            if (!TryReadPage(found.Json, items, out page))
            {
                return new ApiFailure(FailureClass.Transient, "bad_answer", "a list without data", RequestId: found.RequestId);
            }

            pageEnds.Add(items.Count);
            if (string.IsNullOrEmpty(page))
            {
                return new ApiList(items, requestIds, pageEnds);
            }

            if (page == at)
            {
                return new ApiFailure(FailureClass.Transient, "bad_answer", "a page that names itself as the next", RequestId: found.RequestId);
            }
        }

        return new ApiFailure(FailureClass.Permanent, "endless_list", $"more than {MaxPages} pages");
    }

    // Something between us and Claude may answer 200 with its own words: they must not become the state of a resource.
    private static bool IsResource(ReadOnlyMemory<byte> json)
    {
        using var document = ApiJson.Parse(json);
        return document.RootElement.ValueKind is JsonValueKind.Object
            && document.RootElement.TryGetProperty("id", out var id)
            && id.ValueKind is JsonValueKind.String;
    }

    private static bool TryReadPage(ReadOnlyMemory<byte> json, List<JsonElement> items, out string? next)
    {
        // Parsed once; the elements share the document, which lives as long as they do.
        var root = ApiJson.Parse(json).RootElement;
        next = null;
        if (root.ValueKind is not JsonValueKind.Object || !root.TryGetProperty("data", out var data) || data.ValueKind is not JsonValueKind.Array)
        {
            return false;
        }

        items.AddRange(data.EnumerateArray());
        next = root.TryGetProperty("next_page", out var page) && page.ValueKind is JsonValueKind.String ? page.GetString() : null;
        return true;
    }

    private async Task<ApiResult<ApiObject>> CallAsync(Func<CancellationToken, Task<HttpResponse>> call, CancellationToken cancellationToken)
    {
        var facts = ClaudeApiHandler.Observe();
        try
        {
            using var limit = new CancellationTokenSource(_timeout, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            using var response = await call(both.Token).ConfigureAwait(false);
            var json = await ReadBodyAsync(response, both.Token).ConfigureAwait(false);
            return new ApiObject(json, response.RequestID ?? "", facts.OrganizationId, facts.WorkspaceId);
        }
        catch (Exception exception) // The edge: whatever the API and the network do becomes a value.
        {
            var failure = ApiClassifier.Classify(exception, facts.RetryAfter, _time.GetUtcNow(), cancellationToken.IsCancellationRequested);
            if (failure is { Class: FailureClass.Wait, RetryAfter: { } wait })
            {
                _budget.PauseUntil(_time.GetUtcNow() + wait);
            }

            return failure;
        }
        finally
        {
            if (facts.ExhaustedUntil is { } reset && reset - _time.GetUtcNow() < ApiClassifier.MaxWait)
            {
                _budget.PauseUntil(reset);
            }
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        var stream = await response.ReadAsStream(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var buffer = new MemoryStream();
            var chunk = new byte[16 * 1024];
            int read;
            while ((read = await stream.ReadAsync(chunk, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (buffer.Length + read > MaxAnswerBytes)
                {
                    throw new InvalidDataException("The answer is larger than the limit.");
                }

                buffer.Write(chunk.AsSpan(0, read));
            }

            var json = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
            using (ApiJson.Accept(json))
            {
                return json; // Whole and readable: a cut answer fails here, where it is transient.
            }
        }
    }
}
