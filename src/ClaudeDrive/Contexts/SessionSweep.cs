using System.Text;
using System.Text.Json;
using ClaudeDrive.Access;
using ClaudeDrive.Hydration;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Contexts;

/// <summary>
/// Lists the sessions on the API and compares them with the contexts: what no webhook told becomes an event with source <c>inferred</c> and the
/// API request id as its proof. Runs at start and every interval, since a delivery that failed three times is dropped without a word; of many nodes
/// one does it, and another at once when that one is gone.
/// </summary>
internal sealed partial class SessionSweep(
    IInboxStore inbox, IContextStore contexts, ClaudeApi api, WorkerContext context, TimeSpan interval, ILogger<SessionSweep> logger)
    : BackgroundService
{
    /// <summary>Endpoint name that inferred events carry: no endpoint received them.</summary>
    public const string Endpoint = "reconciliation";

    /// <summary>Sessions that may be missing from the list before a wrong key is suspected. Chosen.</summary>
    private const int ManyMissing = 10;

    /// <summary>One sweep. Returns how many differences became work.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var startedAt = context.Time.GetUtcNow();
        var listed = await api.ListSessionsAsync(WorkLane.Reconciliation, cancellationToken).ConfigureAwait(false);
        if (!listed.TryGet(out var sessions, out var failure))
        {
            Log.NotListed(logger, failure.Code);
            return 0;
        }

        var found = 0;
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (var index = 0; index < sessions.Items.Count; index++)
        {
            var session = sessions.Items[index];
            if (SessionEventReader.Text(session, "id") is { Length: > 0 } id && seen.Add(id))
            {
                found += await CompareAsync(id, session, sessions.RequestIdOf(index), cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }
        }

        found += await RequestMissingAsync(seen, startedAt, cancellationToken).ConfigureAwait(false);
        if (found > 0)
        {
            Log.Found(logger, found, seen.Count);
        }

        return found;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // Starting the host does not wait for the API.
        await context.Gate.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var isOurs = await context.Duties.TryHoldAsync(Duties.Sweep, stoppingToken).ConfigureAwait(false);
                if (isOurs)
                {
                    await RunOnceAsync(stoppingToken).ConfigureAwait(false);
                }

                await Task.Delay(isOurs ? interval : NodeTimes.HeartbeatEvery, context.Time, stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) // The worker's edge: the next sweep looks at everything again.
            {
                Log.Failed(logger, exception);
                await Task.Delay(interval, context.Time, CancellationToken.None).WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<bool> CompareAsync(string id, JsonElement session, string requestId, CancellationToken cancellationToken)
    {
        var status = SessionEventReader.Text(session, "status") ?? "unknown";
        var updatedAt = SessionEventReader.Instant(session, "updated_at");
        var head = await contexts.FindHeadAsync(Sight.Everything, ResourceKey.Session(id), cancellationToken).ConfigureAwait(false);
        if (head is not null && head.Status == status && (updatedAt is null || updatedAt <= ObjectInstant(head)))
        {
            return false;
        }

        // The id follows from what was seen, so that sweep after sweep tells of one difference once.
        var stamp = $"{id}\n{status}\n{updatedAt:O}";
        var arrival = new InboxArrival
        {
            Endpoint = Endpoint,
            Envelope = new WebhookEnvelope
            {
                EventId = $"inferred_{RevisionHash.OfBytes(Encoding.UTF8.GetBytes(stamp))[..32]}",
                EventType = TypeOf(status),
                Dialect = WebhookDialect.Standard,
                CreatedAt = updatedAt,
                Resource = ResourceKey.Session(id),
                SessionId = id,
                Lane = WorkLane.Reconciliation,
            },
            Body = Encoding.UTF8.GetBytes(session.GetRawText()),
            ReceivedAt = context.Time.GetUtcNow(),
            Source = EventSource.Inferred,
            ProofRequestId = requestId,
        };
        return await inbox.StoreAsync(arrival, cancellationToken).ConfigureAwait(false)
            || await RequestAgainAsync(arrival.Envelope, head, cancellationToken).ConfigureAwait(false);
    }

    // Told before, and still so: when that look was given up, or found nothing with another key, the sweep makes it good without a person.
    private async Task<bool> RequestAgainAsync(WebhookEnvelope envelope, ContextHead? head, CancellationToken cancellationToken)
    {
        var known = await inbox.FindEventAsync(Sight.Everything, Endpoint, envelope.EventId, cancellationToken).ConfigureAwait(false);
        if (known?.Event is not { Envelope.Resource: { } resource } told || (told.State != EventState.Dead && head?.Status != ContextTransitions.Gone))
        {
            return false;
        }

        await inbox.RequestAsync(resource, null, WorkLane.Reconciliation, cancellationToken).ConfigureAwait(false);
        return true;
    }

    // A session that we think alive and the list does not name was archived or deleted: looking at it says which.
    private async Task<int> RequestMissingAsync(HashSet<string> seen, DateTimeOffset startedAt, CancellationToken cancellationToken)
    {
        var filter = new ContextFilter
        {
            Type = ResourceKey.SessionType,
            NotStatuses = [ContextTransitions.Terminated, ContextTransitions.Deleted, ContextTransitions.Gone],
        };
        List<ResourceKey> missing = [];
        var alive = 0L;
        long? before = null;
        do
        {
            var page = await contexts.ListHeadsAsync(Sight.Everything, filter, new PageRequest(PageRequest.MaxLimit, before, Counted: false), cancellationToken).ConfigureAwait(false);
            missing.AddRange(page.Items.Where(head => !seen.Contains(head.Resource.Id) && head.HydratedAt < startedAt).Select(static head => head.Resource));
            alive += page.Items.Count;
            before = page.Next;
        }
        while (before is not null);
        if (missing.Count > ManyMissing && missing.Count > alive / 2)
        {
            // More likely a key of another workspace than half of all sessions archived unseen: looking would call each of them gone.
            Log.ManyMissing(logger, missing.Count, alive);
            return 0;
        }

        foreach (var resource in missing)
        {
            await inbox.RequestAsync(resource, null, WorkLane.Reconciliation, cancellationToken).ConfigureAwait(false);
        }

        return missing.Count;
    }

    private static DateTimeOffset? ObjectInstant(ContextHead head)
    {
        if (head.Object.IsEmpty)
        {
            return null;
        }

        using var known = ApiJson.Parse(head.Object);
        return SessionEventReader.Instant(known.RootElement, "updated_at");
    }

    // The webhook that should have told of it (claude-api §1.4).
    private static string TypeOf(string status) => status switch
    {
        ContextTransitions.Idle => "session.status_idled",
        ContextTransitions.Running => "session.status_run_started",
        ContextTransitions.Rescheduling => "session.status_rescheduled",
        ContextTransitions.Terminated => "session.status_terminated",
        _ => "session.updated",
    };

    private static partial class Log
    {
        [LoggerMessage(4104, LogLevel.Error, "The API lists none of {Missing} of {Alive} live sessions; is the key of another workspace? They were left alone")]
        public static partial void ManyMissing(ILogger logger, int missing, long alive);

        [LoggerMessage(4101, LogLevel.Information, "The sweep found {Found} differences in {Sessions} sessions that no webhook had told")]
        public static partial void Found(ILogger logger, int found, int sessions);

        [LoggerMessage(4102, LogLevel.Warning, "The sweep could not list the sessions: {Code}; the next one tries again")]
        public static partial void NotListed(ILogger logger, string code);

        [LoggerMessage(4103, LogLevel.Error, "The sweep failed; the next one tries again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
