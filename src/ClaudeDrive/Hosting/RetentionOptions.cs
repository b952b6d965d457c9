using System.ComponentModel.DataAnnotations;

namespace ClaudeDrive.Hosting;

/// <summary>
/// How long rows that only grow are kept; section <c>ClaudeDrive:Retention</c>. Each 1 hour to 36,500 days, or null (<c>off</c> in the configuration):
/// for ever. Contexts, revisions, transcripts, reviews and their steps are always kept.
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
}
