using System.CommandLine;
using ClaudeDrive.Benchmarks.Seeding;
using ClaudeDrive.Benchmarks.Seeing;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
};

var root = new RootCommand("Measures ClaudeDrive, and makes the data to measure it on.") { SeedCommand.Create(), AccessCommand.Create() };
return await root.Parse(args).InvokeAsync(new InvocationConfiguration(), stop.Token);
