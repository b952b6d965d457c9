using System.Text.Json;
using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Delivery;
using ClaudeDrive.Simulator.Sessions;

namespace ClaudeDrive.Simulator.Control;

/// <summary>The truth about the world as one document: <c>GET /_sim/ledger</c>.</summary>
internal static class Ledger
{
    /// <summary>Renders everything. Call under the world's lock.</summary>
    public static JsonObject Render(SimulatorWorld world) => new()
    {
        ["seed"] = world.Options.Seed,
        ["sessions"] = Array(world.Sessions.All, Session),
        ["resources"] = Array(world.Resources.All, record => new JsonObject { ["type"] = record.Kind.Type, ["id"] = record.Id, ["state"] = record.State }),
        ["events"] = Array(world.Webhooks, Webhook),
        ["user_events"] = UserEvents(world),
        ["refused_user_events"] = Array(world.UserEvents.Where(entry => entry.Refused is not null), Refused),
        ["api"] = Api(world),
        ["endpoint"] = new JsonObject
        {
            ["state"] = world.Endpoint.Enabled ? "enabled" : "disabled",
            ["disabled_reason"] = world.Endpoint.DisabledReason,
        },
    };

    private static JsonObject Session(SessionRecord session) => new()
    {
        ["session_id"] = session.Id,
        ["scenario"] = session.Scenario.Name,
        ["true_state"] = new JsonObject
        {
            ["status"] = session.Status,
            ["stop_reason"] = session.StopReason,
            ["updated_at"] = WireTime.Format(session.UpdatedAt),
            ["open_blockers"] = WireJson.Strings(session.OpenBlockers.Select(call => call.Id)),
            ["deleted"] = session.Deleted,
        },
        ["event_ids"] = WireJson.Strings(session.Events.Select(stored => stored.Id)),
        ["session"] = session.Deleted ? null : SessionJson.Render(session),
    };

    private static JsonObject Webhook(WebhookRecord record) => new()
    {
        ["event_id"] = record.EventId,
        ["event_type"] = record.EventType,
        ["resource_id"] = record.ResourceId,
        ["session_id"] = record.SessionId,
        ["created_at"] = WireTime.Format(record.CreatedAt),
        ["emitted_at"] = WireTime.Format(record.CreatedAt),
        ["dialect"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(record.Dialect.ToString()),
        ["delivered"] = record.Delivered,
        ["dropped"] = record.Dropped,
        ["suppressed"] = record.Suppressed,
        ["attempts"] = Array(record.Attempts, Attempt),
    };

    private static JsonObject Attempt(DeliveryAttempt attempt) => new()
    {
        ["n"] = attempt.Number,
        ["at"] = WireTime.Format(attempt.At),
        ["status"] = attempt.Status,
        ["outcome"] = attempt.OutcomeName,
        ["latency_ms"] = Math.Round(attempt.Latency.TotalMilliseconds, 3),
        ["fault"] = attempt.Fault,
    };

    private static JsonArray UserEvents(SimulatorWorld world)
    {
        var accepted = world.UserEvents.Where(entry => entry.Refused is null).ToList();
        var perBlocker = accepted.Where(entry => entry.Answers is not null).CountBy(entry => entry.Answers!, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        return Array(accepted, entry => UserEvent(entry, entry.Answers is null ? 1 : perBlocker[entry.Answers]));
    }

    private static JsonObject UserEvent(UserEventEntry entry, int count) => new()
    {
        ["session_id"] = entry.SessionId,
        ["event_id"] = entry.EventId,
        ["type"] = entry.Type,
        ["answers"] = entry.Answers,
        ["count"] = count,
        ["received_at"] = WireTime.Format(entry.At),
    };

    private static JsonObject Refused(UserEventEntry entry) => new()
    {
        ["session_id"] = entry.SessionId,
        ["type"] = entry.Type,
        ["answers"] = entry.Answers,
        ["reason"] = entry.Refused,
        ["received_at"] = WireTime.Format(entry.At),
    };

    private static JsonObject Api(SimulatorWorld world)
    {
        var (reads, writes, routes) = world.Api.Snapshot();
        var byRoute = new JsonObject();
        foreach (var (route, count) in routes)
        {
            byRoute[route] = count;
        }

        var faults = new JsonObject();
        foreach (var (name, _, hits) in world.Faults.Snapshot().Where(fault => fault.Hits > 0))
        {
            faults[name] = hits;
        }

        return new JsonObject { ["reads"] = reads, ["writes"] = writes, ["by_route"] = byRoute, ["faults"] = faults };
    }

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonObject> render) => new([.. items.Select(item => (JsonNode)render(item))]);
}
