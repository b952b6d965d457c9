using System.Net.Sockets;
using ClaudeDrive.Diagnostics;
using Npgsql;

namespace ClaudeDrive.PostgreSql.Connections;

/// <summary>What failures of the server or of the way to it mean. Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html.</summary>
internal static class PostgreSqlFailure
{
    /// <summary>True for what the server and the driver throw; anything else is a defect of ours.</summary>
    public static bool IsOfStore(Exception e) => e is NpgsqlException or SocketException or IOException or TimeoutException or ObjectDisposedException;

    /// <summary>
    /// True when the connection, not the statement, failed: the server is gone, restarts, was never reached, or is no longer the primary. The
    /// statement may have been committed all the same.
    /// </summary>
    public static bool IsOfConnection(Exception e) => e switch
    {
        PostgresException server => server.SqlState is
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.ReadOnlySqlTransaction
            || server.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException { InnerException: TimeoutException } => false,
        NpgsqlException or SocketException or IOException or ObjectDisposedException => true,
        _ => false,
    };

    /// <summary>True when the server undid the statement because of others: it may be sent again as it is.</summary>
    public static bool MayPass(Exception e) => e is PostgresException
    {
        SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure,
    };

    /// <summary>True when the values themselves were refused: the same statement with others may well succeed.</summary>
    public static bool IsOfData(Exception e) => e is PostgresException server
        && (server.SqlState.StartsWith("22", StringComparison.Ordinal) || server.SqlState.StartsWith("23", StringComparison.Ordinal)
            || server.SqlState.StartsWith("54", StringComparison.Ordinal));

    /// <summary>True when only a person can help: name, password, database or rights are wrong.</summary>
    public static bool NeedsPerson(Exception e) => e is PostgresException
    {
        SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification
            or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InsufficientPrivilege,
    };

    /// <summary>The exception that callers of the store see. Neither the server's nor the driver's message holds the connection string.</summary>
    public static DriveStoreException Describe(string operation, Exception cause) => cause switch
    {
        DriveStoreException known => known,
        PostgresException server => new DriveStoreException($"{operation}: PostgreSQL error {server.SqlState}: {server.MessageText}", cause),
        _ => new DriveStoreException($"{operation}: {cause.Message}", cause),
    };
}
