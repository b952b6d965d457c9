using ClaudeDrive.Conformance;
using ClaudeDrive.Hosting;
using ClaudeDrive.Sqlite;
using ClaudeDrive.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace ClaudeDrive.Stores.Tests.Sqlite;

public sealed class SqliteRegistrationTests
{
    [Fact]
    public async Task UseSqlite_Resolved_StoreWorks()
    {
        using var directories = new SqliteDirectories();
        var services = new ServiceCollection();
        new Builder(services).UseSqlite(_ => { });
        var options = new SqliteStoreOptions { DataDirectory = Path.Combine(directories.Add(), "made", "on demand") };
        var added = Assert.Single(services, service => service.ServiceType == typeof(IDriveStore));

        await using var store = (IDriveStore)added.ImplementationFactory!(new Provider(options));
        await store.OpenAsync(TestContext.Current.CancellationToken);

        Assert.True(await store.StoreAsync(Given.Arrival("wevt_1"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Validate_OptionsOutOfRange_AllProblemsAreNamed()
    {
        var options = new SqliteStoreOptions { DataDirectory = " ", QueueCapacity = 0, Readers = 65 };

        var result = new SqliteStoreOptionsValidator().Validate(null, options);

        Assert.Collection(
            result.Failures!,
            problem => Assert.StartsWith("DataDirectory", problem, StringComparison.Ordinal),
            problem => Assert.StartsWith("QueueCapacity", problem, StringComparison.Ordinal),
            problem => Assert.StartsWith("Readers", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_Defaults_AreFine() => Assert.True(new SqliteStoreOptionsValidator().Validate(null, new SqliteStoreOptions()).Succeeded);

    private sealed record Builder(IServiceCollection Services) : IClaudeDriveBuilder;

    private sealed class Provider(SqliteStoreOptions options) : IServiceProvider
    {
        public object? GetService(Type serviceType) =>
            serviceType == typeof(IOptions<SqliteStoreOptions>) ? Options.Create(options)
            : serviceType == typeof(TimeProvider) ? TimeProvider.System
            : null;
    }
}
