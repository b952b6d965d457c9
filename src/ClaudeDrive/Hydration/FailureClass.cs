namespace ClaudeDrive.Hydration;

/// <summary>What a failed call to the Claude API means for the work (design §2, Inbox).</summary>
internal enum FailureClass
{
    /// <summary>May pass by itself: retried on schedule, costs an attempt.</summary>
    Transient,

    /// <summary>Claude named a time to wait: costs no attempt.</summary>
    Wait,

    /// <summary>Will not pass by itself: a dead letter at once.</summary>
    Permanent,

    /// <summary>The resource is not there.</summary>
    Gone,

    /// <summary>We are stopping: the work goes back untouched.</summary>
    Interrupted,
}
