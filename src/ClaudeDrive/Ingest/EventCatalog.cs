using System.Collections.Frozen;

namespace ClaudeDrive.Ingest;

/// <summary>
/// The event types we know and what each asks for. The set is open: a type that is missing here is still stored, and its resource is
/// found by the type's prefix.
/// </summary>
/// <remarks>
/// Source of the 49 standard types: the types of Claude's official SDKs (claude-api §1.4), six of which the documentation does not list.
/// Source of the three guide types: the developer guide (claude-api §2.1). Source of lanes and follow-ups: the table in design §2, Contexts.
/// </remarks>
internal static class EventCatalog
{
    private const string Thread = ResourceKey.SessionThreadType;
    private const string Deleted = ".deleted";

    private static readonly EventRule[] Rules =
    [
        Waits("session.status_idled", FollowUp.Triage),
        Waits("session.idled", FollowUp.Triage),
        Waits("session.requires_action", FollowUp.Triage),
        Waits("session.budget_reached", FollowUp.Triage), // paused until a person raises the budget
        Waits("session.thread_idled", FollowUp.Refresh, Thread), // its session's own idle event is the one to triage
        Rule("session.status_rescheduled", ResourceKey.SessionType, FollowUp.Alert),
        Rule("session.status_terminated", ResourceKey.SessionType, FollowUp.Alert),
        .. Refreshes(
            ResourceKey.SessionType, "session.status_run_started", "session.updated", "session.outcome_evaluation_ended", "session.created",
            "session.pending", "session.running", "session.archived", "session.deleted"),
        .. Refreshes(Thread, "session.thread_created", "session.thread_terminated"),
        .. Refreshes("agent", "agent.created", "agent.updated", "agent.archived", "agent.deleted"),
        .. Refreshes("environment", "environment.created", "environment.updated", "environment.archived", "environment.deleted"),
        .. Refreshes(
            "deployment", "deployment.created", "deployment.updated", "deployment.paused", "deployment.unpaused", "deployment.archived",
            "deployment.deleted"),
        .. Refreshes("deployment_run", "deployment_run.started", "deployment_run.succeeded", "deployment_run.failed"),
        .. Refreshes("vault", "vault.created", "vault.archived", "vault.deleted"),
        .. Refreshes(
            "vault_credential", "vault_credential.created", "vault_credential.archived", "vault_credential.deleted",
            "vault_credential.refresh_failed"),
        .. Refreshes("memory_store", "memory_store.created", "memory_store.archived", "memory_store.deleted"),
        .. Refreshes(
            "user_profile", "user_profile.enforcement_action_opened", "user_profile.enforcement_action_resolved",
            "user_profile.program_status_updated"),
        .. Refreshes("external_key", "external_key.failed", "external_key.recovered"),
    ];

    private static readonly EventRule[] GuideRules =
    [
        Rule("session.status_completed", ResourceKey.SessionType, FollowUp.Finish),
        Rule("session.status_error", ResourceKey.SessionType, FollowUp.Alert),
        Waits("tool.result_pending", FollowUp.Tool),
    ];

    // The longer prefix stands before the shorter one.
    private static readonly EventRule[] Prefixes =
    [
        Rule("session.thread_", Thread),
        Rule("session.", ResourceKey.SessionType),
        Rule("tool.", ResourceKey.SessionType),
        .. new[]
        {
            "agent", "environment", "deployment_run", "deployment", "vault_credential", "vault", "memory_store", "user_profile", "external_key",
        }.Select(type => Rule(type + ".", type)),
    ];

    private static readonly FrozenDictionary<string, EventRule> ByType =
        Rules.Concat(GuideRules).ToFrozenDictionary(rule => rule.EventType, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, EventRule>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        ByType.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The 49 types of the standard dialect.</summary>
    public static IReadOnlyList<EventRule> Standard => Rules;

    /// <summary>The types that only the guide dialect names. It uses those of the standard dialect as well.</summary>
    public static IReadOnlyList<EventRule> GuideOnly => GuideRules;

    /// <summary>
    /// Finds the rule of a type: its own, else that of its prefix with <see cref="FollowUp.Refresh"/>, or <see cref="FollowUp.Final"/> when
    /// the type ends in <c>.deleted</c>. Null when the prefix names no resource that could be fetched.
    /// </summary>
    public static EventRule? Find(string eventType)
    {
        if (ByType.TryGetValue(eventType, out var known))
        {
            return known;
        }

        foreach (var prefix in Prefixes)
        {
            if (eventType.StartsWith(prefix.EventType, StringComparison.Ordinal))
            {
                return eventType.EndsWith(Deleted, StringComparison.Ordinal) ? prefix with { FollowUp = FollowUp.Final } : prefix;
            }
        }

        return null;
    }

    /// <summary>The shared text of a known type, so that reading one allocates nothing; null for an unknown type.</summary>
    public static string? Intern(ReadOnlySpan<char> eventType) => BySpan.TryGetValue(eventType, out var rule) ? rule.EventType : null;

    private static EventRule Waits(string eventType, FollowUp followUp, string resourceType = ResourceKey.SessionType) =>
        new(eventType, resourceType, WorkLane.Waiting, followUp);

    private static EventRule Rule(string eventType, string resourceType, FollowUp followUp = FollowUp.Refresh) =>
        new(eventType, resourceType, WorkLane.Normal, followUp);

    private static IEnumerable<EventRule> Refreshes(string resourceType, params string[] eventTypes) =>
        eventTypes.Select(type => Rule(type, resourceType, type.EndsWith(Deleted, StringComparison.Ordinal) ? FollowUp.Final : FollowUp.Refresh));
}
