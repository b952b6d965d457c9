using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Chaos.Databases;
using ClaudeDrive.Chaos.Judging;
using ClaudeDrive.Chaos.Load;
using ClaudeDrive.Chaos.Reporting;
using ClaudeDrive.Chaos.Running;
using ClaudeDrive.Chaos.Schedules;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Chaos.Outages;

/// <summary>
/// One fault only: the database is stopped under a steady load of genuine deliveries and comes back. No sender may notice: every delivery is answered
/// 200 at its first attempt, and nothing is lost.
/// </summary>
internal sealed class OutageRun(OutageOptions options, TextWriter output, TimeProvider time)
{
    /// <summary>Load before and after the outage. Chosen.</summary>
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(3);

    /// <summary>Runs it; everything is stopped and removed when this returns or throws.</summary>
    public async Task<RunResult> RunAsync(CancellationToken cancellationToken)
    {
        await output.WriteLineAsync(FormattableString.Invariant(
            $"outage: {options.Nodes} nodes, database stopped for {options.Length.TotalSeconds:0} s at {options.Rate} deliveries a second, seed {options.Seed}"));
        var settings = new ChaosOptions
        {
            Seed = options.Seed,
            Store = StoreKind.Postgresql,
            Nodes = options.Nodes,
            Length = options.Length,
            Without = Enum.GetValues<ActionKind>(),
        };
        await using var world = await ChaosWorld.StartAsync(settings, time, cancellationToken);
        world.Simulator.World.Faults.Set(EverydayFaults.Off);
        var load = new SteadyLoad(world.Simulator, options.Rate, time);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var loading = load.RunAsync(enough.Token);
        FaultWindow outage;
        try
        {
            await Task.Delay(Around, time, cancellationToken);
            var from = time.GetUtcNow();
            await world.Database!.HoldAsync(StopMode.Fast, cancellationToken);
            await Task.Delay(options.Length, time, cancellationToken);
            outage = new FaultWindow(from, time.GetUtcNow());
            await world.Database.ReleaseAsync(cancellationToken);
            await Task.Delay(Around, time, cancellationToken);
        }
        finally
        {
            await enough.CancelAsync();
            await loading;
        }

        await output.WriteLineAsync("outage: over; settling");
        var settling = new Settling(world, time);
        var (ledger, view) = await settling.RunAsync(cancellationToken);
        var evidence = await EvidenceReader.ReadAsync(world, settling, new Evidence { Ledger = ledger, View = view }, cancellationToken);
        string[] breaches = [.. Verdict.Find(evidence), .. OutageBreaches.Find(ledger, load.Emitted)];
        var result = new RunResult(OutageRow.Of(options, evidence, outage, settling, breaches.Length), breaches, LogNotes.Of(world.Nodes));
        return breaches.Length == 0 ? result : result with { Kept = KeptRun.Keep(world, [], ledger, breaches) };
    }
}
