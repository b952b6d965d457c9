using ClaudeDrive.Chaos.Links;

namespace ClaudeDrive.Chaos.Schedules;

/// <summary>Draws the faults of a run. Pure: the same input gives the same list.</summary>
internal static class ChaosSchedule
{
    /// <summary>
    /// From this length on, nodes are killed in the first two thirds only: what is left is a life long enough to see whether memory grows
    /// (<see cref="Judging.MemoryBound"/>).
    /// </summary>
    public static readonly TimeSpan LongRun = TimeSpan.FromMinutes(2);

    private const double KillsUntil = 2.0 / 3;

    /// <summary>No fault takes more of a short run than this, so that every kind has room.</summary>
    private const double LargestPart = 0.35;

    private static readonly LinkMode[] Faults = [LinkMode.Cut, LinkMode.BlackHole, LinkMode.LoseAnswers, LinkMode.Latency];

    /// <summary>Every fault, in the order of beginning. Each ends within the length; each lane that is not left out has one at least.</summary>
    public static IReadOnlyList<ChaosAction> Draw(ScheduleInput input)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(input.Length, TimeSpan.FromSeconds(10), nameof(input));
        ArgumentOutOfRangeException.ThrowIfLessThan(input.Nodes, 1, nameof(input));
        return
        [
            .. Lane.All(input.Nodes, input.HasDatabase)
                .Select((lane, index) => (Lane: lane, Random: new Random(unchecked((input.Seed * 486187739) + index))))
                .Where(drawn => !input.Without.Contains(drawn.Lane.Kind))
                .SelectMany(drawn => Fill(drawn.Lane, input, drawn.Random))
                .OrderBy(static action => action.At)
                .ThenBy(static action => action.Kind)
                .ThenBy(static action => action.Node),
        ];
    }

    private static List<ChaosAction> Fill(Lane lane, ScheduleInput input, Random random)
    {
        var until = input.Length * (lane.Kind == ActionKind.Kill && input.Length >= LongRun ? KillsUntil : 1);
        List<ChaosAction> actions = [];
        var at = lane.Gap * random.NextDouble();
        while (true)
        {
            var length = Between(random, lane.Shortest, lane.Longest);
            length = length < input.Length * LargestPart ? length : input.Length * LargestPart;
            if (at + length > until)
            {
                if (actions.Count == 0)
                {
                    actions.Add(Make(lane, (until - length) * random.NextDouble(), length, random));
                }

                return actions;
            }

            actions.Add(Make(lane, at, length, random));
            at += length + (lane.Gap * (0.5 + random.NextDouble()));
        }
    }

    private static ChaosAction Make(Lane lane, TimeSpan at, TimeSpan length, Random random)
    {
        var action = new ChaosAction(at, length, lane.Kind, lane.Node);
        return lane.Kind switch
        {
            ActionKind.ApiLink or ActionKind.DatabaseLink => action with
            {
                Mode = Faults[random.Next(Faults.Length)],
                Delay = Between(random, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(250)),
            },
            ActionKind.ApiStorm => action with { Fault = lane.Fault, Rate = 0.3 + (0.6 * random.NextDouble()) },
            _ => action,
        };
    }

    private static TimeSpan Between(Random random, TimeSpan shortest, TimeSpan longest) => shortest + ((longest - shortest) * random.NextDouble());
}
