using System.Diagnostics;
using System.Globalization;
using ClaudeDrive.Benchmarks.Whole.Processes;

namespace ClaudeDrive.Benchmarks.Whole.Scenarios;

/// <summary>How long a newcomer waits for <c>demo --once</c>.</summary>
internal sealed class DemoScenario : IScenario
{
    /// <inheritdoc/>
    public string Key => "demo";

    /// <inheritdoc/>
    public string Title => "The demo";

    /// <inheritdoc/>
    public async Task RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var directory = bench.Workplace.NewDirectory("demo");
        var log = Path.Combine(directory, "output");
        try
        {
            var started = Stopwatch.GetTimestamp();
            string[] arguments = ["demo", "--once", "--port", $"{Workplace.FreePort()}", "--sim-port", $"{Workplace.FreePort()}"];
            await using var demo = ChildProcess.Start(bench.Workplace.Server, arguments, log);
            if (await demo.WaitForEndAsync(cancellationToken) is not 0 and var code)
            {
                throw new InvalidOperationException($"demo --once ended with {code}: {await File.ReadAllTextAsync(log, cancellationToken)}");
            }

            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            bench.Measurements.Add("demo/seconds", seconds);
            Bench.Say(string.Create(CultureInfo.InvariantCulture, $"  demo --once: {seconds:F1} s"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
