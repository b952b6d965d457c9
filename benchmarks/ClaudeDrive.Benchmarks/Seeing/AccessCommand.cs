using System.CommandLine;
using System.Globalization;
using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Benchmarks.Seeing;

/// <summary>
/// <c>access</c>: the first page of the sessions with its exact total, and the numbers of all contexts, for somebody who sees everything and for teams,
/// on a seeded store. The cases take turns, so that whatever else the machine does falls on all alike.
/// </summary>
internal static class AccessCommand
{
    private const int PageRows = 50;

    public static Command Create()
    {
        var runs = new Option<int>("--runs") { Description = "Measurements of each case", DefaultValueFactory = static _ => 300 };
        var data = new Option<string?>("--data") { Description = "Data directory of a seeded SQLite store" };
        var postgres = new Option<string?>("--postgresql") { Description = "Connection string of a seeded PostgreSQL store, instead of --data" };
        var command = new Command("access", "Compare lists and counts under grants with the unfiltered ones, on a seeded store.") { runs, data, postgres };
        command.SetAction((parsed, token) => RunAsync(
            Stores.Make(parsed.GetValue(data) ?? "claudedrive-data", parsed.GetValue(postgres), TimeProvider.System), parsed.GetValue(runs), token));
        return command;
    }

    private static async Task<int> RunAsync(IDriveStore made, int runs, CancellationToken cancellationToken)
    {
        await using var store = made;
        await store.OpenAsync(cancellationToken);
        (string Name, Sight Sight)[] cases =
        [
            ("everything", Sight.Everything),
            ("one workspace of 50", Workspaces(1)),
            ("three workspaces", Workspaces(3)),
            ("one agent of 20", Sight.Of([new Scope { AgentId = "agent_seed003" }])),
            ("one metadata pair of 10", Sight.Of([new Scope { Tag = new MetadataTag("team", "legal") }])),
            ("workspace, agent and pair", Sight.Of([new Scope { WorkspaceId = "wrkspc_seed001" }, new Scope { AgentId = "agent_seed003" }, new Scope { Tag = new MetadataTag("team", "legal") }])),
            ("workspace and pair at once", Sight.Of([new Scope { WorkspaceId = "wrkspc_seed001", Tag = new MetadataTag("team", "legal") }])),
            ("twenty workspaces", Workspaces(20)),
            ("nothing there", Sight.Of([new Scope { WorkspaceId = "wrkspc_none" }])),
        ];
        var (lists, pages, totals) = (Times(cases.Length), Times(cases.Length), new long[cases.Length]);
        for (var run = -10; run < runs; run++)
        {
            for (var i = 0; i < cases.Length; i++)
            {
                var (list, page, total) = await MeasureAsync(store, cases[i].Sight, cancellationToken);
                if (run >= 0)
                {
                    lists[i].Add(list);
                    pages[i].Add(page);
                    totals[i] = total;
                }
            }
        }

        Console.WriteLine("| who | sessions seen | page and total, median ms | p95 | against everything | page alone, median ms | against everything |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        for (var i = 0; i < cases.Length; i++)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {cases[i].Name} | {totals[i]:N0} | {At(lists[i], 0.5):F2} | {At(lists[i], 0.95):F2} | {At(lists[i], 0.5) / At(lists[0], 0.5):F2} | {At(pages[i], 0.5):F2} | {At(pages[i], 0.5) / At(pages[0], 0.5):F2} |"));
        }

        return 0;
    }

    private static async Task<(double List, double Page, long Total)> MeasureAsync(IDriveStore store, Sight sight, CancellationToken cancellationToken)
    {
        var (time, filter) = (TimeProvider.System, new ContextFilter { Type = ResourceKey.SessionType });
        var start = time.GetTimestamp();
        var total = (await store.ListHeadsAsync(sight, filter, new PageRequest(PageRows), cancellationToken)).Total;
        var listed = time.GetTimestamp();
        await store.ListHeadsAsync(sight, filter, new PageRequest(PageRows, Counted: false), cancellationToken);
        return (time.GetElapsedTime(start, listed).TotalMilliseconds, time.GetElapsedTime(listed).TotalMilliseconds, total);
    }

    private static Sight Workspaces(int count) => Sight.Of(
        Enumerable.Range(1, count).Select(static number => new Scope { WorkspaceId = string.Create(CultureInfo.InvariantCulture, $"wrkspc_seed{number:D3}") }));

    private static List<double>[] Times(int cases) => [.. Enumerable.Range(0, cases).Select(static _ => new List<double>())];

    private static double At(List<double> times, double part) => times.Order().ElementAt((int)((times.Count - 1) * part));
}
