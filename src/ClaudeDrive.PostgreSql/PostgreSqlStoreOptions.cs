using System.ComponentModel.DataAnnotations;

namespace ClaudeDrive.PostgreSql;

/// <summary>How the PostgreSQL store is reached and kept. Checked at start; a problem names its key.</summary>
public sealed class PostgreSqlStoreOptions
{
    /// <summary>
    /// Npgsql's connection string: server, database, user, password, TLS. Several hosts, separated by commas, are the servers of one cluster: the
    /// primary among them is used, and found again after a failover. It is never logged. What concerns pooling, timeouts and prepared statements is
    /// set by this store and need not stand here.
    /// </summary>
    [Required]
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// Schema that holds everything; created when it is missing. Begins with a lower-case letter or an underscore, then those and digits, at most
    /// 63 characters. Several stores may share a database under different names.
    /// </summary>
    /// <value><c>claudedrive</c>.</value>
    public string Schema { get; set; } = "claudedrive";

    /// <summary>Events that may wait for their commit, 1 to 1,000,000. One more is refused at once, so that the receiver can answer.</summary>
    /// <value>4,096: eight full batches, which a disk of 2 ms per flush works off in well under a second.</value>
    [Range(1, 1_000_000, ErrorMessage = "must be between {1} and {2}.")]
    public int QueueCapacity { get; set; } = 4096;

    /// <summary>Connections of this process at most, 3 to 1,000: one writes events, one listens, the others do all else.</summary>
    /// <value>20. Chosen, not measured: eight workers, eight senders and the API leave most of them idle.</value>
    [Range(3, 1000, ErrorMessage = "must be between {1} and {2}.")]
    public int MaxConnections { get; set; } = 20;

    /// <summary>Longest time to connect, 1 s to 1 min, in whole seconds.</summary>
    /// <value>5 s. Chosen, not measured.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00", ErrorMessage = "must be between {1} and {2}.")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time of one statement, 1 s to 10 min, in whole seconds. The server ends it; this process waits two seconds longer for that.</summary>
    /// <value>10 s. Chosen, not measured: a thousand times what a statement takes, and a third of a lease.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "must be between {1} and {2}.")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// True when a pooler in transaction mode (PgBouncer, for example) stands between: then there are no prepared statements, no settings of a
    /// session and no notifications, and workers of other nodes learn of new work by asking every second.
    /// </summary>
    /// <value>False.</value>
    public bool BehindPooler { get; set; }

    /// <summary>False: no connection listens for notifications, and workers learn what other nodes stored by asking every second.</summary>
    /// <value>True.</value>
    public bool Listen { get; set; } = true;

    /// <summary>The clock that takes the place of the database's: for tests, which bring their own time.</summary>
    internal TimeProvider? Clock { get; set; }
}
