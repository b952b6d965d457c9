using System.Reflection;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Server.Tests.Running;

/// <summary>A store some of whose methods do something else; the others go through.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1852", Justification = "The proxy is derived from it at run time.")]
internal class FaultyStore : DispatchProxy
{
    private IDriveStore? _inner;
    private Dictionary<string, Func<object?[], object?>> _instead = [];

    /// <summary>Wraps a store. <paramref name="instead"/> maps names of methods to what they return, or throw.</summary>
    public static IDriveStore Wrap(IDriveStore inner, Dictionary<string, Func<object?[], object?>> instead)
    {
        var proxy = Create<IDriveStore, FaultyStore>();
        ((FaultyStore)(object)proxy)._inner = inner;
        ((FaultyStore)(object)proxy)._instead = instead;
        return proxy;
    }

    /// <summary>What an asynchronous method of the store returns.</summary>
    public static object Of<T>(Task<T> task) => new ValueTask<T>(task);

    /// <inheritdoc cref="Of{T}(Task{T})"/>
    public static object Of(Task task) => new ValueTask(task);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (_instead.TryGetValue(targetMethod!.Name, out var other))
        {
            return other(args ?? []);
        }

        try
        {
            return targetMethod.Invoke(_inner, args);
        }
        catch (TargetInvocationException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException!);
            throw;
        }
    }
}
