using System.Globalization;
using ClaudeDrive.Hosting;
using ClaudeDrive.Nodes;
using ClaudeDrive.PostgreSql;
using ClaudeDrive.Sqlite;

namespace ClaudeDrive.Server;

/// <summary>Which store the server uses: <c>ClaudeDrive:Store</c> (contract §2).</summary>
internal static class StoreSettings
{
    /// <summary>Configuration key of the store's name.</summary>
    public const string Key = "ClaudeDrive:Store";

    /// <summary>Configuration key of the connection string of a store that is a server of its own.</summary>
    public const string ConnectionKey = "ConnectionStrings:ClaudeDrive";

    private const string Sqlite = "sqlite";
    private const string PostgreSql = "postgresql";
    private const string BehindPoolerKey = "ClaudeDrive:PostgreSql:BehindPooler";
    private const string SchemaKey = "ClaudeDrive:PostgreSql:Schema";
    private const string MaxConnectionsKey = "ClaudeDrive:PostgreSql:MaxConnections";

    /// <summary>The problems of the choice, each beginning with its key. Never the connection string, which holds a password.</summary>
    public static IEnumerable<string> FindProblems(IConfiguration configuration, NodeRoles roles)
    {
        switch (NameIn(configuration))
        {
            case Sqlite:
                if (roles != NodeRoles.All && roles != NodeRoles.None)
                {
                    yield return $"ClaudeDrive:Roles: the store '{Sqlite}' is of one process, which must have the roles 'all'.";
                }

                break;
            case PostgreSql:
                foreach (var problem in FindServerProblems(configuration))
                {
                    yield return problem;
                }

                break;
            default:
                yield return $"{Key}: must be {Sqlite} or {PostgreSql}.";
                break;
        }
    }

    /// <summary>Registers the chosen store.</summary>
    public static void Use(IClaudeDriveBuilder builder, IConfiguration configuration)
    {
        if (NameIn(configuration) == PostgreSql)
        {
            builder.UsePostgreSql(store => Read(configuration, store));
        }
        else
        {
            builder.UseSqlite(store => store.DataDirectory = configuration[ServerHost.DataDirectoryKey]!);
        }
    }

    private static IEnumerable<string> FindServerProblems(IConfiguration configuration)
    {
        if (configuration[MaxConnectionsKey] is { Length: > 0 } number && !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            yield return $"{MaxConnectionsKey}: must be a whole number.";
        }

        if (configuration[BehindPoolerKey] is { Length: > 0 } truth && !bool.TryParse(truth, out _))
        {
            yield return $"{BehindPoolerKey}: must be true or false.";
        }

        var store = new PostgreSqlStoreOptions();
        Read(configuration, store);
        foreach (var problem in new PostgreSqlStoreOptionsValidator().Validate(null, store).Failures ?? [])
        {
            var key = problem.StartsWith(nameof(store.ConnectionString), StringComparison.Ordinal) ? ConnectionKey : "ClaudeDrive:PostgreSql";
            yield return $"{key}: {problem}";
        }
    }

    private static void Read(IConfiguration configuration, PostgreSqlStoreOptions store)
    {
        store.ConnectionString = configuration[ConnectionKey] ?? "";
        store.Schema = configuration[SchemaKey] is { Length: > 0 } schema ? schema : store.Schema;
        store.BehindPooler = bool.TryParse(configuration[BehindPoolerKey], out var pooler) ? pooler : store.BehindPooler;
        store.MaxConnections = int.TryParse(configuration[MaxConnectionsKey], NumberStyles.None, CultureInfo.InvariantCulture, out var most)
            ? most : store.MaxConnections;
    }

    private static string NameIn(IConfiguration configuration) =>
        configuration[Key] is { Length: > 0 } name ? name.Trim().ToLowerInvariant() : Sqlite;
}
