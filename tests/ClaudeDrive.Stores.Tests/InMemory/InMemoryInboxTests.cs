using ClaudeDrive.Conformance;
using ClaudeDrive.Inbox;
using ClaudeDrive.Storage;
using ClaudeDrive.Storage.InMemory;

namespace ClaudeDrive.Stores.Tests.InMemory;

[StoreUnderTest(typeof(InMemoryDriveStore))]
public sealed class InMemoryInboxTests : InboxConformance
{
    protected override bool CountsAll => true;

    internal override ValueTask<IDriveStore> CreateAsync(TimeProvider time, Coalescing coalescing) =>
        new(new InMemoryDriveStore(time, coalescing));
}
