namespace ClaudeDrive.Cli.Demo;

/// <summary>What <c>demo</c> was asked for. Port 0 takes any free one.</summary>
internal sealed record DemoSettings(int Port, int SimulatorPort, int Seed, bool Once, bool EveryFault = false);
