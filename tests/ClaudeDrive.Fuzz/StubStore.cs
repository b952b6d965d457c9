using System.Reflection;
using ClaudeDrive.Inbox;
using ClaudeDrive.Storage;
using ClaudeDrive.Storage.InMemory;

namespace ClaudeDrive.Fuzz;

/// <summary>A store that hands every arrival to the target and keeps nothing, so that a long run does not grow.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1852", Justification = "The proxy is derived from it at run time.")]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "Disposing the store it stands for is passed on as every other call.")]
internal class StubStore : DispatchProxy
{
    private InMemoryDriveStore? _inner;
    private Action<InboxArrival>? _stored;

    public static IDriveStore Make(Action<InboxArrival> stored)
    {
        var proxy = Create<IDriveStore, StubStore>();
        ((StubStore)(object)proxy)._inner = new InMemoryDriveStore(TimeProvider.System, Coalescing.Default);
        ((StubStore)(object)proxy)._stored = stored;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        switch (targetMethod!.Name)
        {
            case nameof(IInboxStore.StoreAsync):
                _stored!((InboxArrival)args![0]!);
#pragma warning disable CA2012 // Handed to the caller in a box, and awaited there once.
                return ValueTask.FromResult(true);
#pragma warning restore CA2012
            case nameof(IInboxStore.RecordDeliveriesAsync):
                return ValueTask.CompletedTask;
            default:
                return targetMethod.Invoke(_inner, args);
        }
    }
}
