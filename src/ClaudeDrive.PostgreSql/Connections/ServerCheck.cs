using ClaudeDrive.Diagnostics;
using Npgsql;

namespace ClaudeDrive.PostgreSql.Connections;

/// <summary>What must be true of the server before anything is written: else wrong things would be stored, or nothing, and nobody be told.</summary>
internal static class ServerCheck
{
    /// <summary>Oldest server that works: since 14 extract() gives exact numbers.</summary>
    private const int OldestVersion = 140000;

    private const string Question =
        """
        SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), current_setting('default_transaction_isolation'),
          current_setting('transaction_read_only') = 'on'
        """;

    /// <summary>
    /// Throws a permanent <see cref="DriveStoreException"/> for a server that never fits, and one that may pass for a server that only reads, as a
    /// standby does until it takes over.
    /// </summary>
    public static async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(Question, connection);
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                var (version, encoding, isolation, onlyReads) = (reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3));
                if (Refuse(version, encoding, isolation) is { } reason)
                {
                    throw new DriveStoreException(reason) { IsPermanent = true };
                }

                if (onlyReads)
                {
                    throw new DriveStoreException("The database only reads: it is a standby, or default_transaction_read_only is on.");
                }
            }
        }
    }

    /// <summary>Why the server never fits; null when it does.</summary>
    internal static string? Refuse(int version, string encoding, string isolation)
    {
        if (version < OldestVersion)
        {
            return $"The server is PostgreSQL {version / 10000}; 14 or newer is needed.";
        }

        if (encoding != "UTF8")
        {
            return $"The database's encoding is {encoding}; it must be UTF8.";
        }

        // Each statement of a write must see what was committed before it got its lock; a longer snapshot would give a position twice.
        return isolation == "read committed" ? null : $"default_transaction_isolation is '{isolation}' for this user and database; it must be 'read committed'.";
    }
}
