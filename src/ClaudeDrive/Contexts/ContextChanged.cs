using System.Text.Json;
using ClaudeDrive.Hydration;
using ClaudeDrive.Ingest;

namespace ClaudeDrive.Contexts;

/// <summary>A new revision of a context, as handlers get it. Everything that came from an agent or a tool in it is untrusted text.</summary>
public sealed class ContextChanged
{
    private readonly JsonElement _snapshot;

    internal ContextChanged(ContextRevision revision)
    {
        using var document = ApiJson.Parse(revision.Snapshot);
        _snapshot = document.RootElement.Clone();
        Resource = revision.Resource;
        Revision = revision.Number;
        Cause = revision.Cause;
        EventIds = revision.EventIds;
        Status = revision.Status;
        Triage = revision.Triage;
        AsOf = revision.AsOf;
        PatchJson = revision.PatchJson;
        Blockers = [.. SessionEventReader.Child(_snapshot, "blockers").EnumerateArray().Select(static item => new WaitingFor(
            SessionEventReader.Text(item, "blocking_event_id") ?? "",
            SessionEventReader.Text(item, "kind") ?? "",
            SessionEventReader.Text(item, "tool_name")))];
    }

    /// <summary>What changed.</summary>
    public ResourceKey Resource { get; }

    /// <summary>Number of the revision, from 1 without gaps: with <see cref="Resource"/> the key for making a handler idempotent.</summary>
    public int Revision { get; }

    /// <summary>Why: <c>webhook</c>, <c>inferred</c>, <c>requested</c>, <c>deleted</c> or <c>gone</c>.</summary>
    public string Cause { get; }

    /// <summary>Ids of the events that caused it, oldest first, at most 100.</summary>
    public IReadOnlyList<string> EventIds { get; }

    /// <summary>The state: for sessions <c>running</c>, <c>idle</c>, <c>rescheduling</c>, <c>terminated</c>; for any kind <c>deleted</c>, <c>gone</c>.</summary>
    public string Status { get; }

    /// <summary>
    /// Why an idle session is idle: <c>finished</c>, <c>needs_answer</c>, <c>needs_permission</c>, <c>out_of_budget</c>, <c>gave_up</c>,
    /// <c>refused</c>, <c>never_started</c> or <c>unknown</c>; null when it is not idle.
    /// </summary>
    public string? Triage { get; }

    /// <summary>When it happened, UTC, by Claude's clock.</summary>
    public DateTimeOffset AsOf { get; }

    /// <summary>What a session waits on; empty when nothing.</summary>
    public IReadOnlyList<WaitingFor> Blockers { get; }

    /// <summary>JSON Patch (RFC 6902) from the revision before; <c>[]</c> for the first.</summary>
    public string PatchJson { get; }

    /// <summary>The object as the Claude API gave it; undefined or null for one that was deleted before it was ever seen.</summary>
    public JsonElement Fetched => SessionEventReader.Child(_snapshot, "resource");

    /// <summary>
    /// The object as a type, for example the official SDK's <c>BetaManagedAgentsSession</c>; null when there is none. Throws
    /// <see cref="JsonException"/> when it does not fit.
    /// </summary>
    public T? FetchedAs<T>() => Fetched.ValueKind is JsonValueKind.Object ? Fetched.Deserialize<T>() : default;
}

/// <summary>One thing a session waits on.</summary>
/// <param name="BlockingEventId">The event to answer.</param>
/// <param name="Kind"><c>custom_tool</c>, <c>tool_permission</c>, <c>self_hosted_tool</c>, <c>budget</c>, <c>gave_up</c> or <c>refusal</c>.</param>
/// <param name="ToolName">Name of the tool, untrusted; null for kinds without one.</param>
public sealed record WaitingFor(string BlockingEventId, string Kind, string? ToolName);
