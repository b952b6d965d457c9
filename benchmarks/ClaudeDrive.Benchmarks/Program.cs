using System.CommandLine;
using ClaudeDrive.Benchmarks.Growth;
using ClaudeDrive.Benchmarks.Micro;
using ClaudeDrive.Benchmarks.Plotting;
using ClaudeDrive.Benchmarks.Seeding;
using ClaudeDrive.Benchmarks.Seeing;
using ClaudeDrive.Benchmarks.Whole;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
};

var root = new RootCommand("Measures ClaudeDrive, and makes the data to measure it on.")
{
    SystemCommand.Create(), BenchCommand.Create(), ClaimCommand.Create(), SeedCommand.Create(), PlotCommand.Create(), AccessCommand.Create(),
};
return await root.Parse(args).InvokeAsync(new InvocationConfiguration(), stop.Token);
