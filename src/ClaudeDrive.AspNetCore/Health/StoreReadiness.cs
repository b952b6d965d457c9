using ClaudeDrive.Diagnostics;
using ClaudeDrive.Hosting;
using ClaudeDrive.Storage;

namespace ClaudeDrive.AspNetCore.Health;

/// <summary>Whether the store can commit.</summary>
internal sealed class StoreReadiness(IDriveStore store) : IReadinessCheck
{
    public string Name => "store";

    public async ValueTask<string?> CheckAsync(CancellationToken cancellationToken)
    {
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
