using System.Reflection;

namespace ClaudeDrive.Conformance;

/// <summary>Names the store that a class derived from a suite tests. The suite checks at run time that its factory makes just that type.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class StoreUnderTestAttribute(Type store) : Attribute
{
    /// <summary>The concrete store.</summary>
    public Type Store { get; } = store;

    internal static Type? Of(Type testClass) => testClass.GetCustomAttribute<StoreUnderTestAttribute>()?.Store;
}
