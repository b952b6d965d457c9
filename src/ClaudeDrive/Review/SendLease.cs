namespace ClaudeDrive.Review;

/// <summary>The right to send one answer until the lease ends; fenced as <see cref="Inbox.ResourceLease"/>.</summary>
internal sealed record SendLease
{
    /// <summary>The item, with its answer.</summary>
    public required ReviewItem Item { get; init; }

    /// <summary>Fencing token: larger for every later claim.</summary>
    public required long Token { get; init; }

    /// <summary>
    /// True when an earlier try may have reached Claude: the event list must be read before anything is sent. The store sets it by itself for an
    /// item that was claimed in <see cref="ReviewState.Sending"/> (its worker died) or <see cref="ReviewState.Verifying"/>, and in a store that was
    /// restored from a backup for every item of that backup (setting <c>restored_reviews</c>): what was sent since, the backup cannot know.
    /// </summary>
    public required bool MustVerify { get; init; }

    /// <summary>Revision of the session's context when the answer was given: user events first seen up to it are not ours.</summary>
    public required int AnsweredRevision { get; init; }
}
