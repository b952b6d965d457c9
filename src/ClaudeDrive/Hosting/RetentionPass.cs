namespace ClaudeDrive.Hosting;

/// <summary>One whole pass of retention.</summary>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Events">Events it deleted.</param>
/// <param name="Deliveries">Delivery records it deleted.</param>
internal sealed record RetentionPass(DateTimeOffset FinishedAt, long Events, long Deliveries);
