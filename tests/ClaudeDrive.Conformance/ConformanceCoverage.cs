using ClaudeDrive.Storage;

namespace ClaudeDrive.Conformance;

/// <summary>Finds stores that lack a suite.</summary>
public static class ConformanceCoverage
{
    /// <summary>Every suite of this assembly: an abstract class over <see cref="StoreConformance"/>.</summary>
    public static IReadOnlyList<Type> Suites { get; } =
        [.. typeof(StoreConformance).Assembly.GetTypes().Where(type => type.IsAbstract && type.IsSubclassOf(typeof(StoreConformance)))];

    /// <summary>The concrete stores among the types.</summary>
    public static IReadOnlyList<Type> StoresIn(IEnumerable<Type> types) =>
        [.. types.Where(type => type is { IsClass: true, IsAbstract: false } && typeof(IDriveStore).IsAssignableFrom(type))];

    /// <summary>One line, <c>store: suite</c>, for each suite that no test class derives for a store; empty when all is covered.</summary>
    public static IReadOnlyList<string> Missing(IReadOnlyList<Type> stores, IReadOnlyList<Type> suites, IReadOnlyList<Type> testClasses) =>
    [
        .. from store in stores
           from suite in suites
           where !testClasses.Any(test => !test.IsAbstract && test.IsSubclassOf(suite) && StoreUnderTestAttribute.Of(test) == store)
           select $"{store.Name}: {suite.Name}",
    ];
}
