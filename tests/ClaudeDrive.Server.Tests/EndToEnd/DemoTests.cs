using System.Text.Json;
using System.Text.Json.Nodes;
using ClaudeDrive.Cli;
using ClaudeDrive.Cli.Demo;
using ClaudeDrive.Cli.Output;
using Xunit;

namespace ClaudeDrive.Server.Tests.EndToEnd;

/// <summary><c>demo --once</c>: the whole main job, judged by the simulator's ledger.</summary>
public sealed class DemoTests(ITestOutputHelper output)
{
    [Fact]
    public async Task DemoOnce_Everyday_AgreesAndPrintsEveryFigure()
    {
        var (code, text) = await RunAsync(1, everyFault: false);
        output.WriteLine(text);

        Assert.Equal(0, code);
        foreach (var figure in new[] { "delivered", "duplicates", "out of order", "hydrated", "reads per webhook", "reviewed", "resumed", "agreement" })
        {
            Assert.Contains("\n  " + figure, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task DemoOnce_EveryFaultSeeds1To20_AlwaysAgrees()
    {
        // Most of a story is waiting: five side by side keep two processors busy.
        var options = new ParallelOptions { MaxDegreeOfParallelism = 5, CancellationToken = TestContext.Current.CancellationToken };
        List<string> failures = [];
        await Parallel.ForEachAsync(Enumerable.Range(1, 20), options, async (seed, _) =>
        {
            var (code, text) = await RunAsync(seed, everyFault: true);
            if (code != 0)
            {
                lock (failures)
                {
                    failures.Add($"seed {seed}:\n{text[Math.Max(0, text.IndexOf("Summary", StringComparison.Ordinal))..]}");
                }
            }
        });

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Fact]
    public async Task DemoOnce_LedgerDiffers_Exits1AndNamesTheDifference()
    {
        var (code, text) = await RunAsync(3, everyFault: false, tamper: Tamper, patience: TimeSpan.FromSeconds(8));

        Assert.Equal(1, code);
        Assert.Contains("status is running, the context says idle", text, StringComparison.Ordinal);

        static JsonElement Tamper(JsonElement ledger)
        {
            var changed = JsonNode.Parse(ledger.GetRawText())!;
            foreach (var session in changed["sessions"]!.AsArray().Take(1))
            {
                session!["true_state"]!["status"] = "running";
            }

            return JsonSerializer.SerializeToElement(changed);
        }
    }

    private static async Task<(int Code, string Text)> RunAsync(
        int seed, bool everyFault, Func<JsonElement, JsonElement>? tamper = null, TimeSpan? patience = null)
    {
        using var text = new StringWriter();
        var reporter = new DemoReporter(new Screen(text, colours: false, 200), TimeProvider.System);
        var watcher = new DemoWatcher(reporter, static (_, _) => "answer");
        var settings = new DemoSettings(0, 0, seed, Once: true, everyFault);
        await using var world = await DemoWorld.StartAsync(settings, watcher, TimeProvider.System, TestContext.Current.CancellationToken);
        var runner = new DemoRunner(world, reporter, static (_, _) => "answer", TimeProvider.System)
        {
            Tamper = tamper ?? (static ledger => ledger),
            Patience = patience ?? DemoStory.Patience,
        };
        var code = await runner.RunOnceAsync(TestContext.Current.CancellationToken);
        return (code, text.ToString());
    }
}
