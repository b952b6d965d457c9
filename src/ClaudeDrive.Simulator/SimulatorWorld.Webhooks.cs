using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Delivery;
using ClaudeDrive.Simulator.Faults;
using ClaudeDrive.Simulator.Sessions;

namespace ClaudeDrive.Simulator;

/// <summary>Emission of webhook events and the record of their attempts.</summary>
internal sealed partial class SimulatorWorld
{
    /// <summary>
    /// Emits an event about a session; it is not delivered before <paramref name="after"/> completed, and <paramref name="ended"/> runs when its own
    /// delivery has ended either way. Call under <see cref="Gate"/>.
    /// </summary>
    public void EmitSession(
        SessionRecord session, string type, string? stopReason = null, string? threadId = null, Task? after = null, Action? ended = null)
    {
        var data = new JsonObject { ["id"] = session.Id, ["organization_id"] = OrganizationId, ["workspace_id"] = WorkspaceId };
        if (threadId is not null)
        {
            data["session_thread_id"] = threadId;
        }

        var number = session.Counters.NextWebhook();
        Emit(new Emission(session.Id, number, type, data) { SessionId = session.Id, StopReason = stopReason, After = after, Ended = ended });
        if (Faults.Hits(FaultName.UnknownType, session.Id, number))
        {
            var odd = data.DeepClone().AsObject();
            odd["shade"] = "blue";
            Emit(new Emission(session.Id, session.Counters.NextWebhook(), "session.status_pondered", odd) { SessionId = session.Id });
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

        Emit(new Emission(resourceId, ordinal, type, data));
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
            record.Dropped &= !record.Delivered; // A duplicate may arrive after the last attempt was given up.
            disabled = genuine && Endpoint.Record(attempt.Outcome, Now, Options.SustainedFailureLimit);
        }

        if (attempt.Fault is not null)
        {
            Report("fault", record.SessionId, record.EventId, attempt.Fault);
        }

        Options.Progress?.Report(new SimulatorEvent("delivery_attempt", Now)
        {
            SessionId = record.SessionId,
            EventId = record.EventId,
            Name = record.EventType,
            Status = attempt.Status,
            Detail = attempt.OutcomeName,
            HappenedAt = record.CreatedAt,
        });
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

    private void Emit(Emission emission)
    {
        var (stream, ordinal, type, data) = emission;
        var id = Source.NewId("whe", stream, ordinal);
        var at = Now;
        var dialect = DialectOf(id);
        var sentType = dialect == Dialect.Standard ? type : WebhookBody.GuideType(type, emission.StopReason);
        var record = new WebhookRecord
        {
            EventId = id,
            EventType = sentType,
            ResourceId = data.Text("id")!,
            SessionId = emission.SessionId,
            CreatedAt = at,
            Dialect = dialect,
            Body = dialect == Dialect.Standard ? WebhookBody.Standard(id, type, at, data) : WebhookBody.Guide(id, sentType, at, data),
            Suppressed = Endpoint.Suppression(type),
            After = emission.After,
            Ended = emission.Ended,
        };
        Webhooks.Add(record);
        Report("event_emitted", emission.SessionId, id, sentType, detail: record.Suppressed);
        if (record.Suppressed is null)
        {
            _delivery.Start(record);
        }
        else
        {
            record.Ended?.Invoke();
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

    /// <summary>What is to be emitted: id stream and number, standard type, and the ids of the body.</summary>
    private sealed record Emission(string Stream, long Ordinal, string Type, JsonObject Data)
    {
        public string? SessionId { get; init; }

        public string? StopReason { get; init; }

        public Task? After { get; init; }

        public Action? Ended { get; init; }
    }
}
