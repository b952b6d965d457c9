using ClaudeDrive.Access;
using ClaudeDrive.Audit;
using ClaudeDrive.Contexts;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Hydration;
using ClaudeDrive.Inbox;
using ClaudeDrive.Nodes;
using ClaudeDrive.Review;

namespace ClaudeDrive.Storage;

/// <summary>All stage stores together, over one database. Every implementation passes every conformance suite.</summary>
internal interface IDriveStore : IInboxStore, IReadBudgetStore, IContextStore, IReviewStore, INodeStore, IAccessStore, IAuditStore,
    IAsyncDisposable
{
    /// <summary>
    /// Creates or migrates the schema and takes what the previous process of a single-process store left behind (its leases end at once). Call
    /// before anything else; when it threw, it may be called again. Throws <see cref="DriveStoreException"/>: with
    /// <see cref="DriveStoreException.IsPermanent"/> when the schema is newer than the program or another process holds a single-process store,
    /// without it when the store cannot be reached now. Until it succeeded every other method throws <see cref="DriveStoreException"/>.
    /// </summary>
    ValueTask OpenAsync(CancellationToken cancellationToken);

    /// <summary>Writes and reads nothing of value: throws <see cref="DriveStoreException"/> when the store cannot commit.</summary>
    ValueTask CheckAsync(CancellationToken cancellationToken);

    /// <summary>A durable value of the server itself (the administrator key's hash); null when absent.</summary>
    ValueTask<string?> FindSettingAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Sets such a value unless it is there; returns the one that holds. Of several nodes that start at once, all get the same. Idempotent.
    /// </summary>
    ValueTask<string> AddSettingAsync(string name, string value, CancellationToken cancellationToken);
}
