using System.ComponentModel.DataAnnotations;
using ClaudeDrive.Hydration;
using ClaudeDrive.Nodes;

namespace ClaudeDrive.Hosting;

/// <summary>Settings of the library. Configuration: section <c>ClaudeDrive</c>, beside the variables of the official SDKs.</summary>
public sealed class ClaudeDriveOptions
{
    /// <summary>How resources are fetched.</summary>
    public HydrationOptions Hydration { get; } = new();

    /// <summary>How long events and delivery records are kept.</summary>
    public RetentionOptions Retention { get; } = new();

    /// <summary>
    /// What this process does of all; <c>ClaudeDrive:Roles</c>: <c>all</c>, or any of <c>ingest,worker,console</c>. Together the processes over one store
    /// must have them all, and each store says how many processes it allows.
    /// </summary>
    /// <value>All.</value>
    public NodeRoles Roles { get; set; } = NodeRoles.All;

    /// <summary>How often the API is swept for what no webhook told: 1 s to 1 day; <c>ClaudeDrive:Reconciliation:Interval</c>.</summary>
    /// <value>5 min.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "must be between {1} and {2}.")]
    public TimeSpan ReconciliationInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Directory of what this process keeps on its own disk: the spool, in <c>spool</c>. <c>ClaudeDrive:DataDirectory</c>. Local, and of one process.
    /// </summary>
    /// <value>That of a store which keeps files; without one there is no spool, and a store that fails is answered 503.</value>
    public string? DataDirectory { get; set; }

    /// <summary>Largest size of the spool in bytes, 1 MiB to 1 TiB; beyond it deliveries are answered 503; <c>ClaudeDrive:Ingest:SpoolMaxBytes</c>.</summary>
    /// <value>1 GiB.</value>
    [Range(typeof(long), "1048576", "1099511627776")]
    public long SpoolMaxBytes { get; set; } = 1L << 30;

    /// <summary>Values of the configuration that could not be read, each with its key; never the value, which may be a misplaced secret.</summary>
    internal List<string> Unreadable { get; } = [];
}
