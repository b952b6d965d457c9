using System.Text.Json.Nodes;

namespace ClaudeDrive.Simulator.Sessions;

/// <summary>One event of a session or thread as the API shows it. Guarded by the world's lock.</summary>
internal sealed class StoredEvent
{
    private readonly JsonObject _body;

    public StoredEvent(string id, string type, JsonObject fields, DateTimeOffset? processedAt, long sequence)
    {
        Id = id;
        Type = type;
        Sequence = sequence;
        ProcessedAt = processedAt;
        _body = new JsonObject { ["id"] = id, ["type"] = type };
        foreach (var (name, value) in fields)
        {
            _body[name] = value?.DeepClone();
        }

        _body["processed_at"] = processedAt is { } at ? WireTime.Format(at) : null;
        Json = _body.ToJsonString(WireJson.Options);
    }

    /// <summary>Event id, <c>sevt_…</c>.</summary>
    public string Id { get; }

    /// <summary>Stream event type, for example <c>session.status_idle</c>.</summary>
    public string Type { get; }

    /// <summary>Position in the order of arrival within the session.</summary>
    public long Sequence { get; }

    /// <summary>When the agent took it up; <see langword="null"/> while queued.</summary>
    public DateTimeOffset? ProcessedAt { get; private set; }

    /// <summary>The wire form, rendered once and again when it is processed.</summary>
    public string Json { get; private set; }

    /// <summary>Sort key of lists: processed events by time, queued ones after them by arrival.</summary>
    public long SortKey => ProcessedAt is { } at ? at.UtcTicks : (long.MaxValue / 2) + Sequence;

    /// <summary>A copy of one field.</summary>
    public JsonNode? Field(string name) => _body[name]?.DeepClone();

    /// <summary>Takes a queued event up at <paramref name="at"/>.</summary>
    public void Process(DateTimeOffset at)
    {
        ProcessedAt = at;
        _body["processed_at"] = WireTime.Format(at);
        Json = _body.ToJsonString(WireJson.Options);
    }
}
