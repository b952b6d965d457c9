using System.Reflection;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Conformance;

/// <summary>A store that fails on command: before anything happens, after the commit, or by never answering. Everything else goes through.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1852", Justification = "The proxy is derived from it at run time.")]
internal class FaultingStore : DispatchProxy
{
    private static readonly MethodInfo FailGeneric = typeof(FaultingStore).GetMethod(nameof(FailAsync), BindingFlags.Static | BindingFlags.NonPublic)!;

    private IDriveStore? _inner;
    private StoreFaults? _faults;

    /// <summary>Wraps a store; <paramref name="faults"/> decides call by call.</summary>
    public static IDriveStore Wrap(IDriveStore inner, StoreFaults faults)
    {
        var proxy = Create<IDriveStore, FaultingStore>();
        ((FaultingStore)(object)proxy)._inner = inner;
        ((FaultingStore)(object)proxy)._faults = faults;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var method = targetMethod!;
        var fault = method.DeclaringType == typeof(IAsyncDisposable) ? StoreFault.None : _faults!.Next(method.Name, args ?? []);
        var result = method.ReturnType;
        if (fault == StoreFault.None || !(result == typeof(ValueTask) || IsValueTaskOf(result)))
        {
            return Call(method, args);
        }

        if (result == typeof(ValueTask))
        {
            return new ValueTask(FailAsync(fault, () => ((ValueTask)Call(method, args)!).AsTask().ContinueWith(
                static done => done.IsCompletedSuccessfully, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)));
        }

        var failing = FailGeneric.MakeGenericMethod(result.GetGenericArguments()[0])
            .Invoke(null, [fault, new Func<Task>(() => (Task)result.GetMethod("AsTask")!.Invoke(Call(method, args), null)!)]);
        return Activator.CreateInstance(result, failing);
    }

    private static bool IsValueTaskOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>);

    private static Task<bool> FailAsync(StoreFault fault, Func<Task> call) => FailAsync<bool>(fault, call);

    private static async Task<T> FailAsync<T>(StoreFault fault, Func<Task> call)
    {
        switch (fault)
        {
            case StoreFault.AfterCommit:
                await call();
                break;
            case StoreFault.Hang:
                await new TaskCompletionSource().Task;
                break;
        }

        throw new DriveStoreException($"The store was told to fail: {fault}.");
    }

    private object? Call(MethodInfo method, object?[]? args)
    {
        try
        {
            return method.Invoke(_inner, args);
        }
        catch (TargetInvocationException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException!);
            throw;
        }
    }
}

/// <summary>How a call fails.</summary>
internal enum StoreFault
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Throws; nothing was stored.</summary>
    BeforeCommit,

    /// <summary>Throws; everything was stored.</summary>
    AfterCommit,

    /// <summary>Never answers; nothing was stored.</summary>
    Hang,
}

/// <summary>What a <see cref="FaultingStore"/> does at its calls. Safe to change at any time.</summary>
internal sealed class StoreFaults
{
    private volatile Func<string, object?[], StoreFault> _decide = static (_, _) => StoreFault.None;

    /// <summary>Every call fails so, until changed.</summary>
    public void All(StoreFault fault) => _decide = (_, _) => fault;

    /// <summary>Calls of one method fail so, until changed.</summary>
    public void Only(string method, StoreFault fault) => _decide = (name, _) => name == method ? fault : StoreFault.None;

    /// <summary>Decides by method and arguments.</summary>
    public void By(Func<string, object?[], StoreFault> decide) => _decide = decide;

    /// <summary>The fault of the next call.</summary>
    public StoreFault Next(string method, object?[] args) => _decide(method, args);
}
