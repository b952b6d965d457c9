using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.Inbox.Spool;
using ClaudeDrive.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Hosting;

/// <summary>
/// Opens the store and the spool before the receiver listens. A store that cannot be opened now does not hold the start up: deliveries go to the
/// spool, the store is tried again beside it, and the workers begin when it is open. A permanent refusal ends the start; when it shows only
/// later, the receiver goes on with the spool, since ending would lose deliveries and mend nothing.
/// </summary>
internal sealed partial class StoreOpener(
    IDriveStore store, StoreGate gate, DeliverySpool spool, TimeProvider time, ILogger<StoreOpener> logger)
    : IHostedLifecycleService, IDisposable
{
    /// <summary>Longest time that the start waits for the store: an opening that takes longer goes on beside the receiver. Chosen.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Wait after a first failure; it doubles to <see cref="MaxPause"/>. Chosen.</summary>
    public static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest wait between tries. Chosen: what a database's restart is prolonged by.</summary>
    public static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(2);

    /// <summary>Wait after a permanent refusal that showed after the start: only a person can help. Chosen.</summary>
    public static readonly TimeSpan RefusedPause = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private Task _later = Task.CompletedTask;

    /// <inheritdoc />
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var opening = OpenStoreAsync();
        await opening.WaitAsync(Patience, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        cancellationToken.ThrowIfCancellationRequested();
        if (opening.IsCompleted)
        {
            await ThrowIfRefusedAsync(opening).ConfigureAwait(false);
        }

        OpenSpool();
        if (!gate.IsOpen)
        {
            _later = KeepOpeningAsync(opening);
        }
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _later.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    // Off the caller's thread: an open that blocks must not block the start.
    private Task OpenStoreAsync() => Task.Run(
        async () =>
        {
            await store.OpenAsync(_stop.Token).ConfigureAwait(false);
            gate.Open();
        },
        _stop.Token);

    private static async Task ThrowIfRefusedAsync(Task opening)
    {
        try
        {
            await opening.ConfigureAwait(false);
        }
        catch (DriveStoreException e) when (!e.IsPermanent)
        {
            // It may pass.
        }
    }

    private void OpenSpool()
    {
        try
        {
            spool.Open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The store may be all that is needed; the first delivery that needs the spool tries again.
            Log.NoSpool(logger, e);
        }
    }

    private async Task KeepOpeningAsync(Task opening)
    {
        for (var tries = 1; !_stop.IsCancellationRequested; tries++)
        {
            try
            {
                await opening.ConfigureAwait(false);
                Log.Opened(logger, tries);
                return;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) // The edge to the store: whatever it was, deliveries are safe in the spool meanwhile.
            {
                var pause = Report(e, tries);
                await Task.Delay(pause, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                opening = OpenStoreAsync();
            }
        }
    }

    private TimeSpan Report(Exception failure, int tries)
    {
        if (failure is DriveStoreException { IsPermanent: true })
        {
            Log.Refused(logger, failure);
            return RefusedPause;
        }

        Log.NotOpened(logger, tries, failure);
        return TimeSpan.FromTicks(Math.Min(MaxPause.Ticks, MinPause.Ticks << Math.Min(tries - 1, 10)));
    }

    private static partial class Log
    {
        [LoggerMessage(2108, LogLevel.Error, "The spool cannot be used: while the store does not commit, deliveries will be answered 503")]
        public static partial void NoSpool(ILogger logger, Exception exception);

        [LoggerMessage(2120, LogLevel.Warning, "The store cannot be opened (try {Tries}). The receiver works and keeps deliveries in the spool; workers and API wait")]
        public static partial void NotOpened(ILogger logger, int tries, Exception exception);

        [LoggerMessage(2121, LogLevel.Information, "The store is open, at try {Tries}; the workers begin")]
        public static partial void Opened(ILogger logger, int tries);

        [LoggerMessage(2122, LogLevel.Critical, "The store refuses to be opened, and only a person can change that. The receiver goes on and keeps deliveries in the spool until it is full")]
        public static partial void Refused(ILogger logger, Exception exception);
    }
}
