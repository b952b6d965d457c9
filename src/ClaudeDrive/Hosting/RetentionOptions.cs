using System.ComponentModel.DataAnnotations;

namespace ClaudeDrive.Hosting;

/// <summary>
/// How long rows that only grow are kept; section <c>ClaudeDrive:Retention</c>. Each 1 hour to 36,500 days, or null (<c>off</c> in the configuration):
/// for ever. Contexts, revisions, transcripts, reviews and their steps are kept, but for <see cref="DeletedSessions"/>. What a legal hold covers is always
/// kept (ADR 0026).
/// </summary>
public sealed class RetentionOptions
{
    /// <summary>
    /// How long after its receipt an event is kept, with its payload. One that is pending or a dead letter stays until it is closed. As long as an
    /// event is kept, a repeat of it is recognised: at least twice the tolerance of the receiver.
    /// </summary>
    /// <value>90 days.</value>
    [Range(typeof(TimeSpan), "01:00:00", "36500.00:00:00", ErrorMessage = "must be off, or between {1} and {2}.")]
    public TimeSpan? Events { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long after it the record of a delivery attempt is kept.</summary>
    /// <value>90 days.</value>
    [Range(typeof(TimeSpan), "01:00:00", "36500.00:00:00", ErrorMessage = "must be off, or between {1} and {2}.")]
    public TimeSpan? Deliveries { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long after we noticed that a session was deleted at Claude its content is kept: transcript, snapshots, patches, review inputs, answers and notes,
    /// title and metadata. Zero: it goes within a minute. The tombstone stays: ids, states, instants, causes, hashes.
    /// </summary>
    /// <value>Null (<c>off</c>): for ever.</value>
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00", ErrorMessage = "must be off, or between {1} and {2}.")]
    public TimeSpan? DeletedSessions { get; set; }

    /// <summary>What holds for single workspaces instead, by workspace id; at most 1,000.</summary>
    /// <value>None.</value>
    public IDictionary<string, WorkspaceRetention> Workspaces { get; } = new Dictionary<string, WorkspaceRetention>(StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, TimeSpan> EventsByWorkspace => ByWorkspace(static workspace => workspace.Events);

    internal IReadOnlyDictionary<string, TimeSpan> DeletedSessionsByWorkspace => ByWorkspace(static workspace => workspace.DeletedSessions);

    private Dictionary<string, TimeSpan> ByWorkspace(Func<WorkspaceRetention, TimeSpan?> read) =>
        Workspaces.Where(pair => read(pair.Value) is not null).ToDictionary(static pair => pair.Key, pair => read(pair.Value)!.Value, StringComparer.Ordinal);
}
