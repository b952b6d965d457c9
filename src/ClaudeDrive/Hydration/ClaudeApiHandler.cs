using System.Globalization;
using ClaudeDrive.Diagnostics;

namespace ClaudeDrive.Hydration;

/// <summary>
/// Sits under the SDK: counts every request that is really sent, and keeps the headers that the SDK's exceptions drop. Facts travel by the
/// request's own async flow, so calls side by side never see each other's.
/// </summary>
internal sealed class ClaudeApiHandler(ClaudeDriveMetrics metrics, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Bytes of an answer that is not a success at most: Claude's are small, and the SDK reads them whole. Chosen.</summary>
    private const int MaxErrorBytes = 1024 * 1024;

    private static readonly AsyncLocal<CallFacts?> Current = new();

    /// <summary>Begins collecting facts of the calls made in this async flow.</summary>
    public static CallFacts Observe() => Current.Value = new CallFacts();

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isRead = request.Method == HttpMethod.Get;
        var facts = Current.Value;
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            facts?.Read(response);
            if (!response.IsSuccessStatusCode)
            {
                await response.Content.LoadIntoBufferAsync(MaxErrorBytes, cancellationToken).ConfigureAwait(false);
            }

            return response;
        }
        finally
        {
            metrics.Requested(isRead, (int?)response?.StatusCode);
        }
    }

    /// <summary>What one call's answer said beside its body.</summary>
    internal sealed class CallFacts
    {
        /// <summary><c>retry-after</c> as received.</summary>
        public string? RetryAfter { get; private set; }

        /// <summary>When the request limit is used up: until when; else null.</summary>
        public DateTimeOffset? ExhaustedUntil { get; private set; }

        /// <summary><c>anthropic-organization-id</c>.</summary>
        public string? OrganizationId { get; private set; }

        /// <summary><c>anthropic-workspace-id</c>.</summary>
        public string? WorkspaceId { get; private set; }

        internal void Read(HttpResponseMessage response)
        {
            RetryAfter = First(response, "retry-after");
            OrganizationId = First(response, "anthropic-organization-id");
            WorkspaceId = First(response, "anthropic-workspace-id");
            if (First(response, "anthropic-ratelimit-requests-remaining") is "0"
                && DateTimeOffset.TryParse(
                    First(response, "anthropic-ratelimit-requests-reset"),
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out var reset))
            {
                ExhaustedUntil = reset;
            }
        }

        private static string? First(HttpResponseMessage response, string name) =>
            response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
    }
}
