namespace ClaudeDrive.Chaos.Schedules;

/// <summary>One thing that fails from time to time. Faults of one lane never overlap; those of different lanes may.</summary>
/// <param name="Kind">What.</param>
/// <param name="Node">Whose, from 1; 0: nobody's in particular.</param>
/// <param name="Gap">Mean time between the end of one fault and the beginning of the next.</param>
/// <param name="Shortest">Shortest fault.</param>
/// <param name="Longest">Longest fault.</param>
internal sealed record Lane(ActionKind Kind, int Node, TimeSpan Gap, TimeSpan Shortest, TimeSpan Longest)
{
    /// <summary>Of a storm: the simulator's fault.</summary>
    public string Fault { get; init; } = "";

    /// <summary>
    /// Every lane there is. Gaps and lengths are chosen, not measured: faults of one kind come a few times in five minutes, most overlap with one of
    /// another kind, and there is still time to work between them. Pauses last longer than the 4 s for which a resource is leased in these runs, the
    /// longest longer than the 10 s of an answer.
    /// </summary>
    public static IEnumerable<Lane> All(int nodes, bool hasDatabase)
    {
        for (var node = 1; node <= nodes; node++)
        {
            yield return new Lane(ActionKind.Kill, node, Seconds(15 + (8 * nodes)), Seconds(0.1), Seconds(3));
            yield return new Lane(ActionKind.Pause, node, Seconds(30 + (10 * nodes)), Seconds(5), Seconds(14));
            yield return new Lane(ActionKind.ApiLink, node, Seconds(25), Seconds(0.1), Seconds(8));
            yield return new Lane(ActionKind.DiskFull, node, Seconds(50), Seconds(2), Seconds(8));
            if (hasDatabase)
            {
                yield return new Lane(ActionKind.DatabaseLink, node, Seconds(20), Seconds(0.1), Seconds(8));
            }
        }

        if (hasDatabase)
        {
            yield return new Lane(ActionKind.DatabaseFast, 0, Seconds(70), Seconds(0.5), Seconds(8));
            yield return new Lane(ActionKind.DatabaseImmediate, 0, Seconds(70), Seconds(0.5), Seconds(8));
        }

        foreach (var fault in (string[])["api_429", "api_500", "api_529", "api_timeout", "drop_response_after_commit"])
        {
            yield return new Lane(ActionKind.ApiStorm, 0, Seconds(60), Seconds(2), Seconds(8)) { Fault = fault };
        }
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
