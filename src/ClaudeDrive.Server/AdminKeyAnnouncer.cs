using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;

namespace ClaudeDrive.Server;

/// <summary>
/// Makes the administrator's key at the first start and hands it out this once; never logs it. While the store is not open, that waits beside the
/// receiver.
/// </summary>
internal sealed class AdminKeyAnnouncer(AdminKey key, ServerOptions options, StoreGate gate, TimeProvider time) : IHostedLifecycleService, IDisposable
{
    /// <summary>Wait after the store failed. Chosen.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private Task _later = Task.CompletedTask;

    /// <summary>Prints the key for the person who started the server.</summary>
    public static void Print(string key)
    {
        Console.Out.WriteLine();
        Console.Out.WriteLine("The administrator's API key, shown this once:");
        Console.Out.WriteLine($"  {key}");
        Console.Out.WriteLine();
    }

    /// <inheritdoc/>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (!gate.IsOpen || !await TryAnnounceAsync(cancellationToken))
        {
            _later = AnnounceLaterAsync();
        }
    }

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _later.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task<bool> TryAnnounceAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await key.EnsureAsync(cancellationToken) is { } made)
            {
                options.AnnounceAdminKey(made);
            }

            return true;
        }
        catch (DriveStoreException)
        {
            // Open and yet failing: whoever works with the store says so. The key can wait.
            return false;
        }
    }

    private async Task AnnounceLaterAsync()
    {
        await gate.WaitAsync(_stop.Token);
        while (!await TryAnnounceAsync(_stop.Token))
        {
            await Task.Delay(Pause, time, _stop.Token);
        }
    }
}
