namespace ClaudeDrive.Ingest;

/// <summary>What is known about one event type, or about all types with one prefix.</summary>
/// <param name="EventType">The event type, or the prefix with its dot for a type that is not in the catalog.</param>
/// <param name="ResourceType">The type of the resource to look at, one of <see cref="ResourceKey.Type"/>.</param>
/// <param name="Lane">How urgent the look is.</param>
/// <param name="FollowUp">What the event asks for beyond the look.</param>
internal sealed record EventRule(string EventType, string ResourceType, WorkLane Lane, FollowUp FollowUp)
{
    /// <summary>True for <c>*.deleted</c>: final, nothing is left to fetch.</summary>
    public bool IsDeletion => FollowUp == FollowUp.Final;
}
