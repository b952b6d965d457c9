using ClaudeDrive.Hosting;
using ClaudeDrive.Nodes;
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

    /// <summary>The problems of the choice, each beginning with its key. Never the connection string, which holds a password.</summary>
    public static IEnumerable<string> FindProblems(IConfiguration configuration, NodeRoles roles)
    {
        if (NameIn(configuration) != Sqlite)
        {
            yield return $"{Key}: must be {Sqlite}.";
        }
        else if (roles != NodeRoles.All && roles != NodeRoles.None)
        {
            yield return $"ClaudeDrive:Roles: the store '{Sqlite}' is of one process, which must have the roles 'all'.";
        }
    }

    /// <summary>Registers the chosen store.</summary>
    public static void Use(IClaudeDriveBuilder builder, IConfiguration configuration) =>
        builder.UseSqlite(store => store.DataDirectory = configuration[ServerHost.DataDirectoryKey]!);

    private static string NameIn(IConfiguration configuration) =>
        configuration[Key] is { Length: > 0 } name ? name.Trim().ToLowerInvariant() : Sqlite;
}
