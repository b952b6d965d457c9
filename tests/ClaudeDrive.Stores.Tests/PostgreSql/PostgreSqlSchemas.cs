using System.Globalization;
using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql;
using ClaudeDrive.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace ClaudeDrive.Stores.Tests.PostgreSql;

/// <summary>
/// Fresh schemas for one test, on the server that <c>CLAUDEDRIVE_TEST_POSTGRES</c> names (<c>eng/test</c> starts one); gone with it. Without the
/// variable the test is skipped, which <c>eng/test</c> counts as a failure.
/// </summary>
internal sealed class PostgreSqlSchemas : IAsyncDisposable
{
    private const string Variable = "CLAUDEDRIVE_TEST_POSTGRES";
    private const string PoolerVariable = "CLAUDEDRIVE_TEST_POOLER";

    private static int _last;

    private readonly List<string> _names = [];

    public static string ConnectionString
    {
        get
        {
            var text = Environment.GetEnvironmentVariable(Variable);
            Assert.SkipWhen(string.IsNullOrEmpty(text), $"{Variable} is not set: eng/test starts a server and sets it.");
            return text!;
        }
    }

    /// <summary>As <see cref="ConnectionString"/>, through a pooler in transaction mode.</summary>
    public static string PoolerConnectionString
    {
        get
        {
            var text = Environment.GetEnvironmentVariable(PoolerVariable);
            Assert.SkipWhen(string.IsNullOrEmpty(text), $"{PoolerVariable} is not set: eng/test starts a pooler and sets it.");
            return text!;
        }
    }

    /// <summary>The newest schema's name.</summary>
    public string Newest => _names[^1];

    /// <summary>A store over a new schema.</summary>
    public PostgreSqlDriveStore Create(TimeProvider? clock, Coalescing coalescing, string nodeId = "node_a")
    {
        _ = ConnectionString; // Skips before there is anything to clean up.
        _names.Add(string.Create(CultureInfo.InvariantCulture, $"t{Environment.ProcessId}_{Interlocked.Increment(ref _last)}"));
        return CreateAgain(clock, coalescing, nodeId);
    }

    /// <summary>A store over a new schema, through the pooler.</summary>
    public PostgreSqlDriveStore CreateBehindPooler(TimeProvider? clock, Coalescing coalescing)
    {
        var pooler = PoolerConnectionString;
        _names.Add(string.Create(CultureInfo.InvariantCulture, $"t{Environment.ProcessId}_{Interlocked.Increment(ref _last)}"));
        return CreateAgain(clock, coalescing, configure: options =>
        {
            options.ConnectionString = pooler;
            options.BehindPooler = true;
        });
    }

    /// <summary>Another store over the newest schema.</summary>
    public PostgreSqlDriveStore CreateAgain(TimeProvider? clock, Coalescing coalescing, string nodeId = "node_a", Action<PostgreSqlStoreOptions>? configure = null)
    {
        // Few connections each: many stores share the test server.
        var options = new PostgreSqlStoreOptions { ConnectionString = ConnectionString, Schema = Newest, Clock = clock, MaxConnections = 8, Listen = clock is null };
        configure?.Invoke(options);
        return new PostgreSqlDriveStore(options, nodeId, coalescing, clock ?? TimeProvider.System, NullLogger<PostgreSqlDriveStore>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        if (_names.Count == 0)
        {
            return;
        }

        await using var source = NpgsqlDataSource.Create(ConnectionString);
        foreach (var name in _names)
        {
            await using var drop = source.CreateCommand($"DROP SCHEMA IF EXISTS {name} CASCADE");
            await drop.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}
