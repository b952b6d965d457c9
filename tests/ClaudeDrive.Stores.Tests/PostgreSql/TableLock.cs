using Npgsql;
using Xunit;

namespace ClaudeDrive.Stores.Tests.PostgreSql;

/// <summary>A table that nobody can read until this is disposed, so that a call on it waits for as long as the test wants. Safe to dispose twice.</summary>
internal sealed class TableLock : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private TableLock(NpgsqlConnection connection) => _connection = connection;

    public static async Task<TableLock> TakeAsync(string schema, string table)
    {
        var connection = new NpgsqlConnection(PostgreSqlSchemas.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand($"BEGIN; LOCK TABLE {schema}.{table}", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return new TableLock(connection);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection.State == System.Data.ConnectionState.Open)
        {
            await using var command = new NpgsqlCommand("ROLLBACK", _connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }

        await _connection.DisposeAsync();
    }
}
