using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Sessions;

namespace ClaudeDrive.Simulator.Stories;

/// <summary>One step of a session's story: data only, carried out by <see cref="SessionMachine"/>.</summary>
internal abstract record StoryStep
{
    /// <summary>Story time before the step, scaled by <see cref="SimulatorOptions.StoryPace"/>.</summary>
    /// <value>Default 300 ms.</value>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Appends one event; <paramref name="Fields"/> is asked when the step is due, so it may refer to labels.</summary>
    internal sealed record Append(string Type, Func<SessionRecord, JsonObject> Fields, string? Label = null, string? Thread = null) : StoryStep;

    /// <summary>Appends a tool use. With <paramref name="Thread"/> (a label) it is made by that child and cross-posted if it needs an answer.</summary>
    internal sealed record Call(string Label, BlockerKind Kind, string Name, JsonObject Input, string? Server = null, string? Thread = null) : StoryStep;

    /// <summary>The story's own user writes.</summary>
    internal sealed record Say(string Text) : StoryStep;

    /// <summary>The session starts to run, unless it already does.</summary>
    internal sealed record Run : StoryStep;

    /// <summary>The session goes idle; open blockers and a used-up budget outrank <paramref name="Reason"/>.</summary>
    internal sealed record Rest(string Reason, JsonObject? Details = null) : StoryStep;

    /// <summary>The platform retries after a transient error.</summary>
    internal sealed record Reschedule : StoryStep;

    /// <summary>Adds one model request to the usage; <paramref name="Cost"/> in minor units of USD.</summary>
    internal sealed record Spend(long Input, long Output, long Cost) : StoryStep;

    /// <summary>Opens a child thread, starts, rests or closes it.</summary>
    internal sealed record OpenThread(string Label, string AgentName) : StoryStep;

    /// <summary>The child works.</summary>
    internal sealed record RunThread(string Label) : StoryStep;

    /// <summary>The child waits: for its open calls, or for its parent.</summary>
    internal sealed record RestThread(string Label) : StoryStep;

    /// <summary>The child is archived.</summary>
    internal sealed record CloseThread(string Label) : StoryStep;

    /// <summary>Sets the outcome the session works towards.</summary>
    internal sealed record DefineOutcome(string Description, int MaxIterations) : StoryStep;

    /// <summary>One grading iteration of that outcome ends with <paramref name="Result"/>.</summary>
    internal sealed record Grade(int Iteration, string Result) : StoryStep;

    /// <summary>The session is archived; with <paramref name="HoldDelivery"/> its webhook is held back so that a later one overtakes it.</summary>
    internal sealed record Archive(bool HoldDelivery) : StoryStep;

    /// <summary>The session is deleted.</summary>
    internal sealed record Delete : StoryStep;
}
