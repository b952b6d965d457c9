using System.Globalization;

namespace ClaudeDrive.Chaos.Running;

/// <summary>The environment of a node in these runs.</summary>
internal static class NodeSettings
{
    /// <summary>
    /// The settings of one node, which reaches the Claude API and the database through its own links. Waits and leases are shortened so that a fault
    /// of seconds is longer than they are; what follows from them (order, attempts, fencing) is the same.
    /// </summary>
    public static Dictionary<string, string> Of(Secrets secrets, int apiPort, int? databasePort)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ANTHROPIC_API_KEY"] = secrets.Claude,
            ["ANTHROPIC_BASE_URL"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{apiPort}"),
            ["ANTHROPIC_WEBHOOK_SIGNING_KEY"] = secrets.Signing,
            ["ClaudeDrive__AdminKey"] = secrets.Administrator,
            ["ClaudeDrive__Roles"] = "all",
            ["ClaudeDrive__Store"] = databasePort is null ? "sqlite" : "postgresql",
            ["ClaudeDrive__Ingest__CommitTimeout"] = "00:00:01",
            ["ClaudeDrive__Hydration__BaseDelay"] = "00:00:00.200",
            ["ClaudeDrive__Hydration__MaxDelay"] = "00:00:02",
            ["ClaudeDrive__Hydration__ReadsPerMinute"] = "60000",
            ["ClaudeDrive__Hydration__RequestTimeout"] = "00:00:03",
            ["ClaudeDrive__Hydration__Lease"] = "00:00:04",
            ["ClaudeDrive__Reconciliation__Interval"] = "00:00:05",
        };
        if (databasePort is { } port)
        {
            settings["ConnectionStrings__ClaudeDrive"] = string.Create(
                CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=postgres;Password={secrets.Database};Database=claudedrive");
        }

        return settings;
    }
}
