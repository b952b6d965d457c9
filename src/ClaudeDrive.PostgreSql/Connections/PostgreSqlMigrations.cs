using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClaudeDrive.Diagnostics;
using Npgsql;

namespace ClaudeDrive.PostgreSql.Connections;

/// <summary>
/// Brings the schema to this program's version: forward only, all missing steps in one transaction under an advisory lock, so that nodes which
/// start together wait for each other; each recorded with its checksum in the table <c>schema</c>. A schema that is newer, or whose steps differ
/// from this program's, is refused untouched.
/// </summary>
internal static class PostgreSqlMigrations
{
    private const string Prefix = "ClaudeDrive.PostgreSql.Migrations.";

    /// <summary>First half of the advisory lock's key; the second is the schema's hash. Any constant that no other program uses.</summary>
    private const int LockClass = 1128549967;

    /// <summary>Longest time of one step, in seconds. Chosen: a step that rewrites a large table takes its time.</summary>
    private const int StepTimeoutSeconds = 3600;

    /// <summary>The steps this program knows, by number from 1.</summary>
    public static IReadOnlyList<Step> Known { get; } = Load();

    /// <summary>Applies what is missing. Throws a permanent <see cref="DriveStoreException"/> when the schema is not one that this program may touch.</summary>
    public static async Task ApplyAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await RunAsync(connection, "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0", cancellationToken).ConfigureAwait(false);
            await RunAsync(
                connection, string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({LockClass}, hashtext('{schema}'))"), cancellationToken)
                .ConfigureAwait(false);
            var applied = await ReadAppliedAsync(connection, schema, cancellationToken).ConfigureAwait(false);
            Verify(applied);
            foreach (var step in Known.Skip(applied.Count))
            {
                await ApplyStepAsync(connection, schema, step, cancellationToken).ConfigureAwait(false);
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<List<(string Name, string Hash)>> ReadAppliedAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        var tables = await CountAsync(connection, $"SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = '{schema}'", cancellationToken).ConfigureAwait(false);
        if (tables == 0)
        {
            await RunAsync(
                connection,
                $"CREATE SCHEMA IF NOT EXISTS {schema}; CREATE TABLE {schema}.schema (version int PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())",
                cancellationToken).ConfigureAwait(false);
            return [];
        }

        var known = await CountAsync(
            connection, $"SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = '{schema}' AND tablename = 'schema'", cancellationToken).ConfigureAwait(false);
        if (known == 0)
        {
            throw new DriveStoreException($"The schema '{schema}' holds tables of another program; it is left untouched.") { IsPermanent = true };
        }

        var applied = new List<(string, string)>();
        var command = new NpgsqlCommand($"SELECT name, sha256 FROM {schema}.schema ORDER BY version", connection);
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    applied.Add((reader.GetString(0), reader.GetString(1)));
                }
            }
        }

        return applied;
    }

    private static void Verify(List<(string Name, string Hash)> applied)
    {
        if (applied.Count > Known.Count)
        {
            throw new DriveStoreException(
                $"The database has schema version {applied.Count}, this program knows versions up to {Known.Count}: a newer program has used it. Run that one.")
            {
                IsPermanent = true,
            };
        }

        for (var i = 0; i < applied.Count; i++)
        {
            if (applied[i].Hash != Known[i].Hash)
            {
                throw new DriveStoreException(
                    $"Step {i + 1} of the database's schema ({applied[i].Name}) is not the one of this program ({Known[i].Name}): it belongs to another build.")
                {
                    IsPermanent = true,
                };
            }
        }
    }

    private static async Task ApplyStepAsync(NpgsqlConnection connection, string schema, Step step, CancellationToken cancellationToken)
    {
        await RunAsync(connection, SqlCatalog.ForSchema(step.Sql, schema), cancellationToken).ConfigureAwait(false);
        await RunAsync(
            connection,
            string.Create(CultureInfo.InvariantCulture, $"INSERT INTO {schema}.schema (version, name, sha256) VALUES ({step.Version}, '{step.Name}', '{step.Hash}')"),
            cancellationToken).ConfigureAwait(false);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = StepTimeoutSeconds };
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using (command.ConfigureAwait(false))
        {
            return (long)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
        }
    }

    private static List<Step> Load()
    {
        var names = typeof(PostgreSqlMigrations).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        return [.. names.Select((name, index) => Read(name, index + 1))];
    }

    private static Step Read(string resource, int expected)
    {
        var name = resource[Prefix.Length..^".sql".Length];
        var version = int.Parse(name.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture);
        if (version != expected)
        {
            throw new InvalidOperationException($"Migration {name} should have number {expected}.");
        }

        // Line ends depend on how the source was checked out; the schema does not.
        var sql = SqlCatalog.ReadResource(resource).ReplaceLineEndings("\n");
        return new Step(version, name, sql, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
    }

    /// <summary>One embedded file <c>Migrations/NNNN_name.sql</c>.</summary>
    internal sealed record Step(int Version, string Name, string Sql, string Hash);
}
