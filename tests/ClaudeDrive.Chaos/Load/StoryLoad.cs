using ClaudeDrive.Simulator;
using ClaudeDrive.Simulator.Stories;

namespace ClaudeDrive.Chaos.Load;

/// <summary>Starts stories at a bounded rate, with bursts of events about one session now and then. Seeded.</summary>
internal sealed class StoryLoad(SimulatorHost simulator, int seed, double sessionsPerSecond, TimeProvider time)
{
    /// <summary>One start in so many is followed by a burst. Chosen.</summary>
    private const int StartsPerBurst = 8;

    /// <summary>One start in so many is followed by one resource of every other kind. Chosen.</summary>
    private const int StartsPerResources = 40;

    /// <summary>Its sessions end by being deleted: nothing can be told of them afterwards.</summary>
    private const string Deleting = "deleted_before_archived";

    private const int SmallestBurst = 20;
    private const int LargestBurst = 80;

    private readonly Random _random = new(seed);
    private readonly List<string> _sessions = [];
    private int _started;

    /// <summary>Starts stories until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / sessionsPerSecond), time);
        try
        {
            do
            {
                Start();
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Enough.
        }
    }

    private void Start()
    {
        var scenario = ScenarioBook.Names[_random.Next(ScenarioBook.Names.Count)];
        var started = simulator.StartSessions(scenario);
        if (scenario != Deleting)
        {
            _sessions.AddRange(started);
        }

        _started++;
        if (_started % StartsPerBurst == 0 && _sessions.Count > 0)
        {
            simulator.Burst(_sessions[_random.Next(_sessions.Count)], _random.Next(SmallestBurst, LargestBurst));
        }

        if (_started % StartsPerResources == 1)
        {
            simulator.StartResources();
        }
    }
}
