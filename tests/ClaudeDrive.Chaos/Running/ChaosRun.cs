using ClaudeDrive.Chaos.Judging;
using ClaudeDrive.Chaos.Load;
using ClaudeDrive.Chaos.Nodes;
using ClaudeDrive.Chaos.Reporting;
using ClaudeDrive.Chaos.Schedules;

namespace ClaudeDrive.Chaos.Running;

/// <summary>One run from start to verdict: start everything, load and faults side by side, then all faults off, settle, judge, clean up.</summary>
internal sealed class ChaosRun(ChaosOptions options, TextWriter output, TimeProvider time)
{
    /// <summary>Runs it. Everything is stopped and removed when this returns or throws; logs are kept only when something was breached.</summary>
    public async Task<RunResult> RunAsync(CancellationToken cancellationToken)
    {
        var schedule = ChaosSchedule.Draw(new ScheduleInput(
            options.Seed, options.Length, options.Nodes, options.Store == StoreKind.Postgresql, options.Without));
        await output.WriteLineAsync(FormattableString.Invariant(
            $"chaos: {options.Store} with {options.Nodes} nodes, {schedule.Count} faults in {options.Length.TotalSeconds:F0} s, seed {options.Seed}"));
        await using var world = await ChaosWorld.StartAsync(options, time, cancellationToken);
        using var probe = new MemoryProbe(world.Nodes, time);
        using var working = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var people = new People(world.Rotation, world.Secrets.Administrator, options.Seed, time);
        Task[] background = [probe.RunAsync(working.Token), people.RunAsync(working.Token)];
        try
        {
            var actions = new ActionRunner(world, time);
            await RageAsync(world, actions, schedule, cancellationToken);
            await output.WriteLineAsync("chaos: every fault is over; settling");
            var settling = new Settling(world, time);
            var (ledger, view) = await settling.RunAsync(cancellationToken);
            await working.CancelAsync();
            await Task.WhenAll(background);
            var both = new Evidence { Ledger = ledger, View = view, Answers = people.Answers, Refusals = people.Refusals };
            var evidence = await EvidenceReader.ReadAsync(world, settling, both, cancellationToken);
            evidence = evidence with
            {
                Memory = probe.Samples,
                FullDisks = actions.FullDisks,
                NotExercised = [.. evidence.NotExercised, .. actions.NeverDone(schedule), .. MemoryNotJudged(probe.Samples)],
            };
            var breaches = Verdict.Find(evidence);
            var result = new RunResult(
                RunRow.Of(options, evidence, actions.Done, settling, breaches.Count), breaches, LogNotes.Of(world.Nodes));
            return breaches.Count == 0 ? result : result with { Kept = KeptRun.Keep(world, schedule, ledger, breaches) };
        }
        finally
        {
            await working.CancelAsync();
            await Task.WhenAll(background).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RageAsync(ChaosWorld world, ActionRunner actions, IReadOnlyList<ChaosAction> schedule, CancellationToken cancellationToken)
    {
        using var load = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var stories = new StoryLoad(world.Simulator, options.Seed, options.SessionsPerSecond, time).RunAsync(load.Token);
        try
        {
            await Task.WhenAll(actions.RunAsync(schedule, cancellationToken), Task.Delay(options.Length, time, cancellationToken));
        }
        finally
        {
            await load.CancelAsync();
            await stories;
        }

        world.Simulator.World.Faults.Set(EverydayFaults.Off);
    }

    // A long run is one after whose last kill a process lives long enough: when none was judged, the run does not prove what it is for.
    private IEnumerable<string> MemoryNotJudged(IReadOnlyCollection<MemorySample> samples) =>
        options.Length >= ChaosSchedule.LongRun && MemoryBound.LongestJudged(samples) is null
            ? ["not exercised: growth of memory, since no process lived long enough"]
            : [];
}
