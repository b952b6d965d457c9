namespace ClaudeDrive.Contexts;

/// <summary>
/// Gets every new revision of every context, in the order of storing, at least once: after a crash, or when it throws, the same change comes
/// again with growing waits, and later ones wait behind it. A new handler begins with the oldest revision kept.
/// </summary>
public interface IContextHandler
{
    /// <summary>Called for one change at a time per handler. Returning means handled; that is durable before the next call.</summary>
    ValueTask OnContextChangedAsync(ContextChanged change, CancellationToken cancellationToken);
}
