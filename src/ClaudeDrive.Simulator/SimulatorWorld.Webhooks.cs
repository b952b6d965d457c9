using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Delivery;
using ClaudeDrive.Simulator.Faults;
using ClaudeDrive.Simulator.Sessions;

namespace ClaudeDrive.Simulator;

/// <summary>Emission of webhook events and the record of their attempts.</summary>
internal sealed partial class SimulatorWorld
{
    /// <summary>Emits an event about a session. Call under <see cref="Gate"/>.</summary>
    public void EmitSession(SessionRecord session, string type, string? stopReason = null, string? threadId = null, TimeSpan hold = default)
    {
        var data = new JsonObject { ["id"] = session.Id, ["organization_id"] = OrganizationId, ["workspace_id"] = WorkspaceId };
        if (threadId is not null)
        {
            data["session_thread_id"] = threadId;
        }

        Emit(session.Id, session.Counters.NextWebhook(), type, data, session.Id, stopReason, hold);
        if (Faults.Hits(FaultName.UnknownType, session.Id, Webhooks.Count))
        {
            data["shade"] = "blue";
            Emit(session.Id, session.Counters.NextWebhook(), "session.status_pondered", data, session.Id, null, default);
        }
    }

    /// <summary>Emits an event about another resource; <paramref name="extra"/> goes into the body. Call under <see cref="Gate"/>.</summary>
    public void EmitResource(string resourceId, long ordinal, string type, JsonObject? extra = null)
    {
        var data = new JsonObject { ["id"] = resourceId, ["organization_id"] = OrganizationId };
        if (!type.StartsWith("user_profile.", StringComparison.Ordinal) && !type.StartsWith("external_key.", StringComparison.Ordinal))
        {
            data["workspace_id"] = WorkspaceId;
        }

        foreach (var (name, value) in extra ?? [])
        {
            data[name] = value?.DeepClone();
        }

        Emit(resourceId, ordinal, type, data, null, null, default);
        Report("resource_changed", name: type, detail: resourceId);
    }

    /// <summary>Adds one attempt to the ledger; a <paramref name="genuine"/> one also counts for the endpoint's health.</summary>
    public void RecordAttempt(WebhookRecord record, DeliveryAttempt attempt, bool genuine)
    {
        bool disabled;
        lock (Gate)
        {
            record.Attempts.Add(attempt);
            var forged = attempt.Fault is FaultName.StaleTimestamp or FaultName.WrongSecret;
            record.Delivered |= attempt.Outcome == AttemptOutcome.Delivered && !forged;
            disabled = genuine && Endpoint.Record(attempt.Outcome, Now, Options.SustainedFailureLimit);
        }

        if (attempt.Fault is not null)
        {
            Report("fault", record.SessionId, record.EventId, attempt.Fault);
        }

        Report("delivery_attempt", record.SessionId, record.EventId, record.EventType, attempt.Status, attempt.OutcomeName);
        if (disabled)
        {
            Report("endpoint_disabled", detail: Endpoint.DisabledReason);
        }
    }

    /// <summary>Gives an event up, unless a duplicate of it arrived.</summary>
    public void RecordDropped(WebhookRecord record)
    {
        lock (Gate)
        {
            record.Dropped = !record.Delivered;
        }

        Report("event_dropped", record.SessionId, record.EventId, record.EventType);
    }

    private void Emit(string stream, long ordinal, string type, JsonObject data, string? sessionId, string? stopReason, TimeSpan hold)
    {
        var id = Source.NewId("whe", stream, ordinal);
        var at = Now;
        var dialect = DialectOf(id);
        var sentType = dialect == Dialect.Standard ? type : WebhookBody.GuideType(type, stopReason);
        var record = new WebhookRecord
        {
            EventId = id,
            EventType = sentType,
            ResourceId = data.Text("id")!,
            SessionId = sessionId,
            CreatedAt = at,
            Dialect = dialect,
            Body = dialect == Dialect.Standard ? WebhookBody.Standard(id, type, at, data) : WebhookBody.Guide(id, sentType, at, data),
            Suppressed = Endpoint.Suppression(type),
            Hold = hold,
        };
        Webhooks.Add(record);
        Report("event_emitted", sessionId, id, sentType, detail: record.Suppressed);
        if (record.Suppressed is null)
        {
            _delivery.Start(record);
        }
    }

    private Dialect DialectOf(string eventId)
    {
        if (Options.GuideShare <= 0 || Source.Draw("dialect", eventId, 0) >= Options.GuideShare)
        {
            return Dialect.Standard;
        }

        return Source.Draw("dialect", eventId, 1) < Options.GuideBodyOnlyShare ? Dialect.GuideBodyOnly : Dialect.Guide;
    }
}
