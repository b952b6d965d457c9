using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using ClaudeDrive.Benchmarks.Seeding;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Benchmarks.Growth;

/// <summary><c>claim</c>: makes resources due in a store that exists, works them off as the workers do but without an API, and prints one JSON line.</summary>
internal static class ClaimCommand
{
    /// <summary>Resources of one claim: the knee of the curve of the prototypes.</summary>
    private const int Batch = 100;

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Data directory of a seeded SQLite store that nobody uses", DefaultValueFactory = static _ => "claudedrive-data" };
        var postgres = new Option<string?>("--postgresql") { Description = "Connection string of a seeded PostgreSQL store, instead of --data" };
        var resources = new Option<int>("--resources") { Description = "Resources to work off", DefaultValueFactory = static _ => 20_000 };
        var run = new Option<int>("--run") { Description = "Another number for each run on the same store" };
        var command = new Command("claim", "Measure claiming and completing work in a store.") { data, postgres, resources, run };
        command.SetAction((parsed, token) => RunAsync(
            Stores.Make(parsed.GetRequiredValue(data), parsed.GetValue(postgres), TimeProvider.System),
            new SeedPlan
            {
                Prefix = $"CLAIM{parsed.GetValue(run)}X",
                Events = Math.Max(Batch, parsed.GetValue(resources)),
                Sessions = Math.Max(Batch, parsed.GetValue(resources)),
                WaitingEvery = 0,
                DeadEvery = 0,
            },
            token));
        return command;
    }

    private static async Task<int> RunAsync(IDriveStore made, SeedPlan plan, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        await using var store = made;
        await store.OpenAsync(cancellationToken);
        var seeder = new Seeder(store, plan, time);
        var sessions = seeder.Sessions(0, plan.Sessions);
        await seeder.StoreAsync(sessions.Values, cancellationToken);

        List<double> claims = [];
        var started = Stopwatch.GetTimestamp();
        var done = 0;
        while (true)
        {
            var asked = Stopwatch.GetTimestamp();
            var leases = await store.ClaimAsync(Batch, Seeder.Lease, cancellationToken);
            if (leases.Count == 0)
            {
                break;
            }

            claims.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            await seeder.ApplyAsync(leases, sessions, cancellationToken);
            done += leases.Count;
        }

        if (done != plan.Sessions)
        {
            throw new InvalidOperationException($"{done} resources were due instead of {plan.Sessions}: the store was in use before.");
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        claims.Sort();
        var report = new ClaimReport(done / seconds, claims[claims.Count / 2], claims[(int)(claims.Count * 0.99)], done);
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(report, ClaimReportJson.Default.ClaimReport));
        return 0;
    }
}
