using System.Reflection;
using System.Runtime.ExceptionServices;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Conformance;

/// <summary>
/// A store that fails on command (<see cref="StoreFaults"/>): before anything happens, after the commit, by hanging, or by answering late. What is
/// not told to fail goes through.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1852", Justification = "The proxy is derived from it at run time.")]
internal class FaultingStore : DispatchProxy
{
    private static readonly MethodInfo FailMethod = typeof(FaultingStore).GetMethod(nameof(FailAsync), BindingFlags.Static | BindingFlags.NonPublic)!;

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
        var (method, result) = (targetMethod!, targetMethod!.ReturnType);
        var isCall = method.DeclaringType != typeof(IAsyncDisposable)
            && (result == typeof(ValueTask) || (result.IsGenericType && result.GetGenericTypeDefinition() == typeof(ValueTask<>)));
        var fault = isCall ? _faults!.Next(method.Name, args ?? []) : StoreFault.None;
        if (fault == StoreFault.None)
        {
            return Call(method, args);
        }

        if (fault == StoreFault.Late)
        {
            // The caller has given up by then; the commit was on its way.
            args = [.. args!.Select(static arg => arg is CancellationToken ? CancellationToken.None : arg)];
        }

        if (result == typeof(ValueTask))
        {
            return new ValueTask(FailAsync(fault, _faults!, async () =>
            {
                await (ValueTask)Call(method, args)!;
                return true;
            }));
        }

        var answer = result.GetGenericArguments()[0];
        var call = () => result.GetMethod("AsTask")!.Invoke(Call(method, args), null);
        var typed = typeof(FaultingStore).GetMethod(nameof(Typed), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(answer).Invoke(null, [call]);
        return Activator.CreateInstance(result, FailMethod.MakeGenericMethod(answer).Invoke(null, [fault, _faults, typed]));
    }

    private static Func<Task<T>> Typed<T>(Func<object?> call) => () => (Task<T>)call()!;

    private static async Task<T> FailAsync<T>(StoreFault fault, StoreFaults faults, Func<Task<T>> call)
    {
        switch (fault)
        {
            case StoreFault.AfterCommit:
                await call();
                break;
            case StoreFault.Hang:
                await faults.Changed;
                break;
            case StoreFault.Late:
                await faults.Changed;
                return await call();
        }

        throw new DriveStoreException($"The store was told to fail: {fault}.") { IsPermanent = fault == StoreFault.Refused };
    }

    private object? Call(MethodInfo method, object?[]? args)
    {
        try
        {
            return method.Invoke(_inner, args);
        }
        catch (TargetInvocationException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerException!);
            throw;
        }
    }
}
