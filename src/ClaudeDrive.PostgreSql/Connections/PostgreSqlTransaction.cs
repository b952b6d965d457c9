using Npgsql;

namespace ClaudeDrive.PostgreSql.Connections;

/// <summary>The statements of one transaction, one round trip each.</summary>
internal sealed class PostgreSqlTransaction(NpgsqlConnection connection)
{
    /// <summary>Runs a statement and reads its rows.</summary>
    public async ValueTask<List<T>> ReadAllAsync<T>(Statement statement, Func<Row, T> read)
    {
        var batch = new NpgsqlBatch(connection);
        await using (batch.ConfigureAwait(false))
        {
            var command = new NpgsqlBatchCommand();
            statement.Fill(command);
            batch.BatchCommands.Add(command);
            var reader = await batch.ExecuteReaderAsync(CancellationToken.None).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                return await PostgreSqlDatabase.ReadAllAsync(reader, read).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Runs a statement and reads its first row; the default when there is none.</summary>
    public async ValueTask<T?> ReadFirstAsync<T>(Statement statement, Func<Row, T> read)
    {
        var rows = await ReadAllAsync(statement, read).ConfigureAwait(false);
        return rows.Count == 0 ? default : rows[0];
    }

    /// <summary>Runs a statement whose result says nothing.</summary>
    public async ValueTask RunAsync(Statement statement) => await ReadAllAsync(statement, static _ => true).ConfigureAwait(false);
}
