using System.CommandLine;
using ClaudeDrive.Cli.Running;

namespace ClaudeDrive.Cli.Demo;

/// <summary><c>demo</c>: simulator and server on loopback, without a key, a database or an account.</summary>
internal static class DemoCommand
{
    public static Command Create(CliContext context)
    {
        var port = Checked.Number("--port", "Port of the server; 0 takes a free one", 4100, 0, Checked.LargestPort, "P");
        var simPort = Checked.Number("--sim-port", "Port of the simulator; 0 takes a free one", 4010, 0, Checked.LargestPort, "P");
        var seed = Checked.Number("--seed", "The same seed gives the same story", 1, 0, int.MaxValue);
        var once = new Option<bool>("--once")
        {
            Description = "Run the story to its end, answer the waiting review, print a summary; exit 0 only if both sides agree",
        };
        return new Command("demo", "See it work: simulator and server on this machine, nothing else needed")
        {
            port, simPort, seed, once,
        }.Runs(context, run =>
        {
            var settings = new DemoSettings(run.Get(port), run.Get(simPort), run.Get(seed), run.Get(once));
            return settings.Port != 0 && settings.Port == settings.SimulatorPort
                ? throw CliException.Usage("--port and --sim-port must differ")
                : RunAsync(run, settings);
        });
    }

    private static Task<int> RunAsync(CliRun run, DemoSettings settings)
    {
        throw new CliException(FormattableString.Invariant($"demo is not wired yet (would use ports {settings.Port} and {settings.SimulatorPort})"));
    }
}
