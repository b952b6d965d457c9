using ClaudeDrive.AspNetCore.Access;

namespace ClaudeDrive.Server;

/// <summary>Makes the administrator's key at the first start and hands it out this once. Runs when the store is open; never logs it.</summary>
internal sealed class AdminKeyAnnouncer(AdminKey key, ServerOptions options) : IHostedLifecycleService
{
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
        if (await key.EnsureAsync(cancellationToken) is { } made)
        {
            options.AnnounceAdminKey(made);
        }
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
