using System.Reflection;
using ClaudeDrive.Conformance;
using ClaudeDrive.Inbox;
using ClaudeDrive.Storage;
using ClaudeDrive.Storage.InMemory;
using Xunit;

namespace ClaudeDrive.Stores.Tests;

/// <summary>Fails when a store forgot a suite.</summary>
public sealed class ConformanceCoverageTests
{
    /// <summary>Suites that a store need not derive, each with the reason.</summary>
    private static readonly Dictionary<string, string> Exempt = new(StringComparer.Ordinal)
    {
        ["InMemoryDriveStore: AuditTamperingConformance"] = "nothing reaches its rows but its own methods",
        ["InMemoryDriveStore: DurabilityConformance"] = "it keeps nothing over a restart, and says so",
    };

    [Fact]
    public void Stores_All_DeriveEverySuite()
    {
        var stores = ConformanceCoverage.StoresIn(ProductTypes()).ToList();

        Assert.Contains(typeof(InMemoryDriveStore), stores);
        Assert.Equal(Exempt.Keys, ConformanceCoverage.Missing(stores, ConformanceCoverage.Suites, typeof(ConformanceCoverageTests).Assembly.GetTypes()));
    }

    [Fact]
    public void Suites_AreFoundWithoutAList()
    {
        Type[] expected =
        [
            typeof(AccessConformance), typeof(AuditConformance), typeof(AuditTamperingConformance), typeof(ContextsConformance),
            typeof(DeliveriesConformance), typeof(DurabilityConformance), typeof(InboxConformance), typeof(LifecycleConformance),
            typeof(ModelConformance), typeof(NodesConformance), typeof(ReadBudgetConformance), typeof(RetentionConformance),
            typeof(ReviewConformance), typeof(SightConformance),
        ];

        Assert.Equal(expected, ConformanceCoverage.Suites.OrderBy(suite => suite.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void Missing_StoreWithoutOneSuite_NamesIt()
    {
        Type[] suites = [typeof(MadeUpSuite), typeof(ForgottenSuite)];
        Type[] testClasses = [typeof(MadeUpTests), typeof(ForgottenOfAnotherStoreTests), typeof(StillAbstractTests)];

        var missing = ConformanceCoverage.Missing([typeof(MadeUpStore)], suites, testClasses);

        Assert.Equal(["MadeUpStore: ForgottenSuite"], missing);
    }

    [Fact]
    public void Missing_AllDerived_IsEmpty() =>
        Assert.Empty(ConformanceCoverage.Missing([typeof(MadeUpStore)], [typeof(MadeUpSuite)], [typeof(MadeUpTests)]));

    [Fact]
    public void StoresIn_AbstractAndOtherTypes_AreLeftOut() =>
        Assert.Equal([typeof(InMemoryDriveStore)], ConformanceCoverage.StoresIn([typeof(IDriveStore), typeof(string), typeof(InMemoryDriveStore)]));

    /// <summary>The types of every assembly of ours beside the tests, whether a test has touched it yet or not.</summary>
    private static IEnumerable<Type> ProductTypes() => Directory
        .EnumerateFiles(AppContext.BaseDirectory, "ClaudeDrive.*.dll")
        .Select(path => Assembly.Load(AssemblyName.GetAssemblyName(path)))
        .SelectMany(assembly => assembly.GetTypes());

    private sealed class MadeUpStore;

    private abstract class MadeUpSuite : StoreConformance;

    private abstract class ForgottenSuite : StoreConformance;

    [StoreUnderTest(typeof(MadeUpStore))]
    private sealed class MadeUpTests : MadeUpSuite
    {
        internal override ValueTask<IDriveStore> CreateAsync(TimeProvider time, Coalescing coalescing) => throw new NotSupportedException();
    }

    [StoreUnderTest(typeof(InMemoryDriveStore))]
    private sealed class ForgottenOfAnotherStoreTests : ForgottenSuite
    {
        internal override ValueTask<IDriveStore> CreateAsync(TimeProvider time, Coalescing coalescing) => throw new NotSupportedException();
    }

    [StoreUnderTest(typeof(MadeUpStore))]
    private abstract class StillAbstractTests : ForgottenSuite;
}
