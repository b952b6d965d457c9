using ClaudeDrive.Cli;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first Ctrl+C asks the running verb to end by itself, a second one ends the process at once.
    pressed.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
};

return await CliApplication.RunAsync(args, CliHost.OfThisProcess(), stop.Token);
