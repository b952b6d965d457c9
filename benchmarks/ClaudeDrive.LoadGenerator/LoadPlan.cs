using ClaudeDrive.LoadGenerator.Events;

namespace ClaudeDrive.LoadGenerator;

/// <summary>What one run sends.</summary>
internal sealed record LoadPlan
{
    /// <summary>Address of the receiver: plain http on an IP address.</summary>
    public required Uri Target { get; init; }

    /// <summary>Signing secret, <c>whsec_</c> and base64.</summary>
    public required string Secret { get; init; }

    /// <summary>Keep-alive connections, each with at most one request under way.</summary>
    public required int Connections { get; init; }

    /// <summary>Requests per second whatever the answers do; 0: each connection sends its next request when it has its answer.</summary>
    public required int Rate { get; init; }

    /// <summary>Time before anything is measured.</summary>
    public required TimeSpan WarmUp { get; init; }

    /// <summary>Time that is measured.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Order of the event ids.</summary>
    public required EventIdOrder Ids { get; init; }

    /// <summary>Sessions that the events are about.</summary>
    public required int Sessions { get; init; }

    /// <summary>So many events in a row are about the same session.</summary>
    public required int Burst { get; init; }

    /// <summary>Signed events made before the run; the run ends when they are used up.</summary>
    public required int Requests { get; init; }

    /// <summary>Fixes every drawn choice but the ids' beginning, which is the time.</summary>
    public required int Seed { get; init; }
}
