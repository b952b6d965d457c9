using ClaudeDrive.Benchmarks.Whole.Stores;

namespace ClaudeDrive.Benchmarks.Whole.Subjects;

/// <summary>
/// The product as it ships: <c>claudedrive serve</c> with every role and every record. Unless an API is given, its workers wait for their first read
/// of the API (a budget of one a minute), as the queues of the peers have no workers either.
/// </summary>
internal sealed record ProductSubject(string Key, string Name, string Store) : Subject(Key, Name)
{
    /// <summary>The administrator's key of every run. Opens nothing but a store of ours on loopback.</summary>
    public const string AdminKey = "benchmark-administrator-key";

    /// <summary>Address of the Claude API that the workers read; null: they are held back.</summary>
    public Uri? Api { get; init; }

    /// <summary>Address of a collector that gets metrics, logs and some traces by OTLP; null: none.</summary>
    public Uri? Collector { get; init; }

    /// <summary>A store that is there already and is kept; null: a new one.</summary>
    public StorePlace? Place { get; init; }

    /// <summary>SQLite on the local disk.</summary>
    public static ProductSubject Sqlite { get; } = new("sqlite", "ClaudeDrive, SQLite", "sqlite");

    /// <summary>PostgreSQL on the same machine.</summary>
    public static ProductSubject PostgreSql { get; } = new("postgresql", "ClaudeDrive, PostgreSQL", "postgresql");

    /// <summary>Every store.</summary>
    public static IReadOnlyList<ProductSubject> All { get; } = [Sqlite, PostgreSql];

    /// <inheritdoc/>
    protected override async Task StartAsync(RunningSubject running, SubjectSettings settings, CancellationToken cancellationToken)
    {
        var environment = Environment(settings);
        var place = Place ?? new StorePlace(Path.Combine(running.Directory, "data"));
        if (Place is null && Store == PostgreSql.Store)
        {
            var database = running.Own(await PostgresServer.StartAsync(settings, cancellationToken));
            place = place with { ConnectionString = database.ConnectionString, DatabaseProcess = database.ProcessId };
        }

        if (place is { ConnectionString: { } connection, DatabaseProcess: { } process })
        {
            running.Databases.Add(process);
            environment["ConnectionStrings__ClaudeDrive"] = connection;
        }

        if (Collector is not null)
        {
            environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = Collector.ToString();
            environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
            environment["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
        }

        string[] arguments = ["serve", "--data", place.Directory, "--urls", $"http://127.0.0.1:{running.Port}"];
        await running.ServeAsync(settings.Workplace.Server, arguments, environment, cancellationToken);
        running.Metrics = new MetricsPage(new Uri($"http://127.0.0.1:{running.Port}/metrics"));
    }

    private Dictionary<string, string> Environment(SubjectSettings settings) => new(settings.Environment)
    {
        ["ANTHROPIC_API_KEY"] = "unused",
        ["ANTHROPIC_BASE_URL"] = Api?.ToString() ?? "http://127.0.0.1:9",
        ["ANTHROPIC_WEBHOOK_SIGNING_KEY"] = Workplace.Secret,
        ["ClaudeDrive__AdminKey"] = AdminKey,
        ["ClaudeDrive__Store"] = Store,
        ["ClaudeDrive__Hydration__ReadsPerMinute"] = Api is null ? "1" : "1000000",
        ["ClaudeDrive__Reconciliation__Interval"] = "1.00:00:00",
    };
}
