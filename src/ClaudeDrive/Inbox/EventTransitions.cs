namespace ClaudeDrive.Inbox;

/// <summary>The transitions of an event's state that are possible. <c>docs/state-machine.md</c> shows the same table; a test compares them.</summary>
internal static class EventTransitions
{
    /// <summary>Every legal edge. A retry of a dead event starts its attempts anew.</summary>
    public static IReadOnlyList<(EventState From, EventState To)> All { get; } =
    [
        (EventState.Pending, EventState.Applied),
        (EventState.Pending, EventState.Superseded),
        (EventState.Pending, EventState.Dead),
        (EventState.Dead, EventState.Pending),
        (EventState.Dead, EventState.Covered),
        (EventState.Dead, EventState.Discarded),
    ];

    /// <summary>True when the edge is in <see cref="All"/>.</summary>
    public static bool IsLegal(EventState from, EventState to) => All.Contains((from, to));

    /// <summary>True when nothing follows the state.</summary>
    public static bool IsFinal(EventState state) =>
        state is EventState.Applied or EventState.Superseded or EventState.Covered or EventState.Discarded;
}
