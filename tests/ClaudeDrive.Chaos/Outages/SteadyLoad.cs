using ClaudeDrive.Simulator;

namespace ClaudeDrive.Chaos.Outages;

/// <summary>Events about a fixed number of sessions at a fixed rate: what was due and not yet emitted is made up for, so the mean holds on a busy machine too.</summary>
internal sealed class SteadyLoad(SimulatorHost simulator, int rate, TimeProvider time)
{
    /// <summary>Sessions that the events are about. Chosen: more than are looked at side by side.</summary>
    private const int Sessions = 40;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(25);

    /// <summary>Events emitted so far.</summary>
    public long Emitted { get; private set; }

    /// <summary>Emits until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var sessions = simulator.StartSessions("finishes", Sessions);
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                for (var due = (long)(time.GetElapsedTime(started).TotalSeconds * rate); Emitted < due; Emitted++)
                {
                    simulator.Burst(sessions[(int)(Emitted % Sessions)], 1);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Enough.
        }
    }
}
