using System.Runtime.InteropServices;
using ClaudeDrive.Chaos;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // Everything that was started is ended and removed first; a second Ctrl+C ends the process at once.
    pressed.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
};
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    stop.Cancel();
});
return await ChaosCommand.RunAsync(args, Console.Out, Console.Error, stop.Token);
