using System.CommandLine;
using System.Globalization;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Benchmarks.Seeding;

/// <summary><c>seed</c>: fills an empty store with finished work.</summary>
internal static class SeedCommand
{
    public static Command Create()
    {
        var events = new Option<long>("--events") { Description = "Events in all", Required = true };
        var sessions = new Option<int>("--sessions") { Description = "Sessions that they are spread over", Required = true };
        var waiting = new Option<int>("--waiting-every") { Description = "One session of so many waits for a person", DefaultValueFactory = static _ => 50 };
        var dead = new Option<int>("--dead-every") { Description = "One session of so many has dead letters", DefaultValueFactory = static _ => 1000 };
        var seed = new Option<int>("--seed") { Description = "The same seed gives the same content", DefaultValueFactory = static _ => 1 };
        var pending = new Option<bool>("--pending") { Description = "Leave every event pending" };
        var data = new Option<string?>("--data") { Description = "Data directory of a SQLite store" };
        var postgres = new Option<string?>("--postgresql") { Description = "Connection string of a PostgreSQL store, instead of --data" };
        var command = new Command("seed", "Fill an empty store with finished work, through the store's own contract.")
        {
            events, sessions, waiting, dead, seed, pending, data, postgres,
        };
        command.SetAction((parsed, token) => RunAsync(
            new SeedPlan
            {
                Events = parsed.GetValue(events),
                Sessions = Math.Max(1, parsed.GetValue(sessions)),
                WaitingEvery = parsed.GetValue(waiting),
                DeadEvery = parsed.GetValue(dead),
                Seed = parsed.GetValue(seed),
                LeavePending = parsed.GetValue(pending),
            },
            Stores.Make(parsed.GetValue(data) ?? "claudedrive-data", parsed.GetValue(postgres), TimeProvider.System),
            token));
        return command;
    }

    private static async Task<int> RunAsync(SeedPlan plan, IDriveStore made, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        await using var store = made;
        await store.OpenAsync(cancellationToken);
        var teller = new Teller(plan, time, time.GetTimestamp());
        await new Seeder(store, plan, time).RunAsync(teller, cancellationToken);
        teller.Finish();
        return 0;
    }

    /// <summary>Tells at every tenth, on the standard error.</summary>
    private sealed class Teller(SeedPlan plan, TimeProvider time, long startedAt) : IProgress<long>
    {
        private long _told;

        public void Finish() => Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{plan.Events:N0} events, {plan.Sessions:N0} sessions in {time.GetElapsedTime(startedAt).TotalSeconds:F0} s"));

        public void Report(long value)
        {
            if ((value - _told) * 10 < plan.Events)
            {
                return;
            }

            _told = value;
            var seconds = time.GetElapsedTime(startedAt).TotalSeconds;
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value:N0} of {plan.Events:N0} events, {value / seconds:N0}/s"));
        }
    }
}
