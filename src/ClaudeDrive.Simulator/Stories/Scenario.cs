using ClaudeDrive.Simulator.Ids;

namespace ClaudeDrive.Simulator.Stories;

/// <summary>A named story.</summary>
/// <param name="Name">The name used by <c>--scenario</c> and <c>POST /_sim/sessions</c>.</param>
/// <param name="Title">Title of the sessions that play it.</param>
/// <param name="FirstTurn">Its steps up to the first rest; a pure function of the seed and the session id.</param>
internal sealed record Scenario(string Name, string Title, Func<SeededSource, string, IEnumerable<StoryStep>> FirstTurn)
{
    /// <summary>Spending cap the sessions start with, in minor units of USD.</summary>
    public long? Budget { get; init; }

    /// <summary>Whether the sessions run in the self-hosted environment.</summary>
    public bool SelfHosted { get; init; }
}
