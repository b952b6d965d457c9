using ClaudeDrive.Diagnostics;
using ClaudeDrive.Hosting;
using ClaudeDrive.Inbox;
using ClaudeDrive.Storage;

namespace ClaudeDrive.AspNetCore.Health;

/// <summary>Whether the store is open and can commit.</summary>
internal sealed class StoreReadiness(IDriveStore store, StoreGate gate) : IReadinessCheck
{
    public string Name => "store";

    public async ValueTask<string?> CheckAsync(CancellationToken cancellationToken)
    {
        if (!gate.IsOpen)
        {
            return "store_not_open";
        }

        try
        {
            await store.CheckAsync(cancellationToken);
            return null;
        }
        catch (DriveStoreException)
        {
            return "store_unavailable";
        }
    }
}
