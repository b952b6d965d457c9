using ClaudeDrive.Conformance;
using ClaudeDrive.Hosting;
using ClaudeDrive.Inbox;
using ClaudeDrive.Nodes;
using ClaudeDrive.PostgreSql;
using ClaudeDrive.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace ClaudeDrive.Stores.Tests.PostgreSql;

public sealed class PostgreSqlRegistrationTests
{
    [Fact]
    public async Task UsePostgreSql_Resolved_StoreWorks()
    {
        await using var schemas = new PostgreSqlSchemas();
        await schemas.Create(null, Coalescing.Default).DisposeAsync();
        var services = new ServiceCollection();
        new Builder(services).UsePostgreSql(_ => { });
        var options = new PostgreSqlStoreOptions { ConnectionString = PostgreSqlSchemas.ConnectionString, Schema = schemas.Newest, MaxConnections = 3 };
        var added = Assert.Single(services, service => service.ServiceType == typeof(IDriveStore));

        await using var store = (IDriveStore)added.ImplementationFactory!(new Provider(options));
        await store.OpenAsync(TestContext.Current.CancellationToken);

        Assert.True(await store.StoreAsync(Given.Arrival("whe_1"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Validate_OptionsOutOfRange_AllProblemsAreNamedWithoutTheConnection()
    {
        var options = new PostgreSqlStoreOptions
        {
            ConnectionString = "Password=not-to-be-told;Nonsense=1",
            Schema = "claudedrive\n",
            QueueCapacity = 0,
            MaxConnections = 2,
            ConnectTimeout = TimeSpan.FromMilliseconds(1500),
            CommandTimeout = TimeSpan.FromHours(1),
        };

        var failures = new PostgreSqlStoreOptionsValidator().Validate(null, options).Failures!.ToList();

        Assert.Equal(
            ["ConnectionString", "Schema", "QueueCapacity", "MaxConnections", "ConnectTimeout", "CommandTimeout"],
            failures.Select(static problem => problem.Split(' ')[0]));
        Assert.All(failures, static problem => Assert.DoesNotContain("not-to-be-told", problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Username=postgres")]
    [InlineData("Host= ")]
    public void Validate_NoHost_IsAProblem(string connection) => Assert.Single(
        new PostgreSqlStoreOptionsValidator().Validate(null, new PostgreSqlStoreOptions { ConnectionString = connection }).Failures!);

    [Fact]
    public void Validate_Defaults_NeedOnlyAHost() => Assert.True(
        new PostgreSqlStoreOptionsValidator().Validate(null, new PostgreSqlStoreOptions { ConnectionString = "Host=db" }).Succeeded);

    private sealed record Builder(IServiceCollection Services) : IClaudeDriveBuilder;

    private sealed class Provider(PostgreSqlStoreOptions options) : IServiceProvider
    {
        public object? GetService(Type serviceType) =>
            serviceType == typeof(IOptions<PostgreSqlStoreOptions>) ? Options.Create(options)
            : serviceType == typeof(TimeProvider) ? TimeProvider.System
            : serviceType == typeof(NodeIdentity) ? new NodeIdentity("node_a", "a", NodeRoles.All, "1.0", DateTimeOffset.UnixEpoch)
            : serviceType == typeof(ILogger<PostgreSqlDriveStore>) ? NullLogger<PostgreSqlDriveStore>.Instance
            : null;
    }
}
