namespace ClaudeDrive.Hosting;

/// <summary>
/// How long things of one workspace are kept; section <c>ClaudeDrive:Retention:Workspaces:ID</c>. Null: as for all; <see cref="TimeSpan.MaxValue"/>
/// (<c>off</c> in the configuration): for ever; else in the range of the setting for all. Deliveries belong to no workspace.
/// </summary>
public sealed class WorkspaceRetention
{
    /// <summary>Instead of <see cref="RetentionOptions.Events"/>, for events that name this workspace.</summary>
    /// <value>Null.</value>
    public TimeSpan? Events { get; set; }

    /// <summary>Instead of <see cref="RetentionOptions.DeletedSessions"/>, for sessions whose context is in this workspace.</summary>
    /// <value>Null.</value>
    public TimeSpan? DeletedSessions { get; set; }
}
