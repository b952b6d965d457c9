using System.Runtime.InteropServices;
using ClaudeDrive.Cli;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first Ctrl+C asks the running verb to end by itself, a second one ends the process at once.
    pressed.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
};

// A hosted server would take this signal for itself and leave the verb waiting.
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    stop.Cancel();
});

return await CliApplication.RunAsync(args, CliHost.OfThisProcess(), stop.Token);
