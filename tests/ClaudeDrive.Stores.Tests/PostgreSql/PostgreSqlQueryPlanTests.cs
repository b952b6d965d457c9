using System.Globalization;
using ClaudeDrive.Conformance;
using ClaudeDrive.Inbox;
using ClaudeDrive.PostgreSql;
using ClaudeDrive.PostgreSql.Connections;
using Npgsql;
using Xunit;

namespace ClaudeDrive.Stores.Tests.PostgreSql;

/// <summary>
/// No statement on the way of an event, and no list that everybody opens, may cost more when the history is longer. Functions plan with
/// <c>enable_seqscan = off</c>; here every statement that the program sends is planned so too: what then still walks a table has no index to use.
/// </summary>
public sealed class PostgreSqlQueryPlanTests : IAsyncLifetime
{
    /// <summary>Statements that walk a whole table on purpose, with the reason.</summary>
    private static readonly Dictionary<string, string> Walks = new(StringComparer.Ordinal)
    {
        ["CountEvents"] = "total of a filter without an index, up to RowTotal.MaxCounted",
        ["CountDeliveries"] = "as CountEvents",
        ["CountHeads"] = "as CountEvents",
        ["CountReviews"] = "as CountEvents",
        ["ListNodes"] = "a few rows",
        ["ListTeams"] = "all of them, and bounded when they are made",
        ["ListKeys"] = "as ListTeams",
    };

    /// <summary>Functions that are nothing but a call; their plans say nothing, and <see cref="Functions_OnTheWayOfAnEvent_NeverPlanAWalk"/> looks inside.</summary>
    private static readonly string[] Calls = ["StoreEvents", "ApplyChange", "MoveReview", "RecordDeliveries"];

    private const string Positions = "SELECT h.revision_seq FROM {schema}.contexts h WHERE h.workspace_id = 'w'";

    private readonly PostgreSqlSchemas _schemas = new();
    private PostgreSqlDriveStore _store = null!;

    public static TheoryData<string> Statements { get; } =
    [
        .. SqlCatalog.Names.Where(static name => !name.EndsWith("Columns", StringComparison.Ordinal) && name is not ("Now" or "EventTables" or "AuditArguments") && !Calls.Contains(name)),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = _schemas.Create(null, Coalescing.Default);
        await _store.OpenAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _schemas.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task Plan_EveryStatement_UsesAnIndex(string name)
    {
        // Where a query of positions is asked for, that of one workspace.
        var plan = await ExplainAsync(name, name.EndsWith("Among", StringComparison.Ordinal) ? Positions : "true");

        Assert.NotEmpty(plan);
        if (!Walks.ContainsKey(name))
        {
            Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("NextDue", "work_due")]
    [InlineData("CountWork", "work_due")]
    [InlineData("NextSendDue", "reviews_due")]
    [InlineData("ListHeads", "contexts_by_change")]
    [InlineData("CountEventStates", "open_events_dead")]
    [InlineData("FindEvent", "events_by_id")]
    [InlineData("CountOutcomes", "deliveries_by_time")]
    [InlineData("ListTranscript", "transcript_in_order")]
    public async Task Plan_HotStatement_UsesItsIndex(string name, string index) =>
        Assert.Contains(index, await ExplainAsync(name, "true"), StringComparison.Ordinal);

    [Theory]
    [InlineData("e.event_id = 'x'", "events_by_id")]
    [InlineData("e.resource_id = 'x'", "events_by_resource")]
    [InlineData("e.session_id = 'x'", "events_by_session")]
    [InlineData("o.state = 3", "open_events_dead")]
    [InlineData("c.state = 5", "closed_events_by_state")]
    public async Task Plan_CountOfFilteredEvents_UsesAnIndex(string where, string index) =>
        Assert.Contains(index, await ExplainAsync("CountEvents", where), StringComparison.Ordinal);

    [Fact]
    public async Task Functions_OnTheWayOfAnEvent_NeverPlanAWalk()
    {
        await using var source = NpgsqlDataSource.Create(PostgreSqlSchemas.ConnectionString);
        await using var command = source.CreateCommand(
            $"""
            SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
            WHERE n.nspname = '{_schemas.Newest}' AND l.lanname = 'plpgsql' AND NOT coalesce('enable_seqscan=off' = ANY (p.proconfig), false)
            """);
        List<string> free = [];
        await using var reader = await command.ExecuteReaderAsync(Token);
        while (await reader.ReadAsync(Token))
        {
            free.Add(reader.GetString(0));
        }

        // These touch only tables of a few rows.
        Assert.Equal(["append_audit", "heartbeat", "hold_duty", "take_reads"], free.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Exceptions_AllAreStatements() => Assert.All(Walks.Keys.Concat(Calls), static name => Assert.Contains(name, SqlCatalog.Names));

    private async Task<string> ExplainAsync(string name, string where)
    {
        var text = new SqlCatalog(_schemas.Newest).Compose(name, where);
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(PostgreSqlSchemas.ConnectionString) { Pooling = false }.ConnectionString);
        await using var connection = await source.OpenConnectionAsync(Token);
        var nulls = string.Join(',', Enumerable.Repeat("NULL", text.Names.Count));
        await ExecuteAsync(connection, "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan");
        await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"PREPARE planned AS {text.Text}"));
        await using var explain = new NpgsqlCommand($"EXPLAIN EXECUTE planned{(nulls.Length == 0 ? "" : $"({nulls})")}", connection);
        List<string> lines = [];
        await using var reader = await explain.ExecuteReaderAsync(Token);
        while (await reader.ReadAsync(Token))
        {
            lines.Add(reader.GetString(0));
        }

        return string.Join('\n', lines);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }
}
