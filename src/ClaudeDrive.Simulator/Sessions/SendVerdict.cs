using System.Text.Json.Nodes;

namespace ClaudeDrive.Simulator.Sessions;

/// <summary>The decision about one request of user events: all of them or none.</summary>
/// <param name="Accepted">The events in order; empty when refused.</param>
/// <param name="Problem">Why the whole request is refused.</param>
internal sealed record SendVerdict(IReadOnlyList<JsonObject> Accepted, string? Problem)
{
    /// <summary>Refuses everything.</summary>
    public static SendVerdict Refuse(string problem) => new([], problem);
}
