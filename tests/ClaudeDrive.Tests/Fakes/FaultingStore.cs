using System.Collections.Concurrent;
using System.Reflection;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Tests.Fakes;

/// <summary>A store whose calls are counted and can be made to fail before or after they happened.</summary>
public class FaultingStore : DispatchProxy
{
    private IDriveStore _inner = null!;

    internal ConcurrentDictionary<string, int> Calls { get; } = new(StringComparer.Ordinal);

    /// <summary>Called with the method's name before it runs; what it throws is thrown.</summary>
    internal Action<string> Before { get; set; } = static _ => { };

    /// <summary>Called after it ran: the commit stands, the caller sees the exception.</summary>
    internal Action<string> After { get; set; } = static _ => { };

    /// <summary>Used once, instead of the next call it has a result for.</summary>
    internal Func<string, object?>? Instead { get; set; }

    internal int Count(string method) => Calls.GetValueOrDefault(method);

    internal static (IDriveStore Store, FaultingStore Faults) Over(IDriveStore inner)
    {
        var store = Create<IDriveStore, FaultingStore>();
        var faults = (FaultingStore)(object)store;
        faults._inner = inner;
        return (store, faults);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var name = targetMethod!.Name;
        Calls.AddOrUpdate(name, 1, static (_, count) => count + 1);
        Before(name);
        if (Instead?.Invoke(name) is { } result)
        {
            Instead = null;
            return result;
        }

        try
        {
            var made = targetMethod.Invoke(_inner, args);
            After(name);
            return made;
        }
        catch (TargetInvocationException exception)
        {
            throw exception.InnerException!;
        }
    }
}
