using System.Text.RegularExpressions;
using ClaudeDrive.Access;
using ClaudeDrive.Chaos.Databases;
using ClaudeDrive.Conformance;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.PostgreSql;
using ClaudeDrive.Review;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace ClaudeDrive.Stores.Tests.PostgreSql;

/// <summary>
/// The plans that a server really used inside the functions, as auto_explain logs them, while every write of the store was called on tables that are
/// almost empty, where a walk looks cheapest: none of them walks a table that grows. A server of its own, since its log is read.
/// </summary>
public sealed partial class PostgreSqlFunctionPlanTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Functions_EveryWrite_WalksNoTableThatGrows()
    {
        _ = PostgreSqlSchemas.ConnectionString; // Skipped where the others are.
        await using var server = await PostgresServer.StartAsync(Token);
        var connection = FormattableString.Invariant($"Host=127.0.0.1;Port={server.Port};Username=postgres;Database=claudedrive");
        await using (var store = Make(connection, "claudedrive"))
        {
            await store.OpenAsync(Token);
        }

        await ExplainFromNowOnAsync(connection);
        await using (var store = Make(connection, "claudedrive"))
        {
            await store.OpenAsync(Token);
            await LiveAsync(store);
        }

        var log = await File.ReadAllTextAsync(server.LogPath, Token);
        Assert.All(
            (string[])["store_events", "record_deliveries", "claim_work", "postpone_work", "park_work", "retry_dead", "discard_dead", "request_work",
                "apply_change", "settle_reviews", "add_step", "move_review", "claim_sends", "delete_events", "delete_deliveries"],
            name => Assert.Contains($"claudedrive.{name}(", log, StringComparison.Ordinal));
        var inside = log.Split(" LOG:  duration: ").Where(static entry => entry.Contains("function", StringComparison.Ordinal)
            && entry.Contains(" CONTEXT: ", StringComparison.Ordinal)).ToList();
        Assert.Contains(inside, static entry => entry.Contains("Index Scan using work_due", StringComparison.Ordinal));
        Assert.DoesNotContain(inside, static entry => Walk().IsMatch(entry));
    }

    private static PostgreSqlDriveStore Make(string connection, string schema) => new(
        new PostgreSqlStoreOptions { ConnectionString = connection, Schema = schema, Listen = false },
        "node_a",
        new Coalescing(TimeSpan.Zero, TimeSpan.Zero),
        TimeProvider.System,
        NullLogger<PostgreSqlDriveStore>.Instance);

    private static async Task ExplainFromNowOnAsync(string connection)
    {
        string[] settings =
        [
            "session_preload_libraries = 'auto_explain'", "auto_explain.log_min_duration = 0", "auto_explain.log_nested_statements = on",
        ];
        await using var source = NpgsqlDataSource.Create(connection);
        foreach (var setting in settings)
        {
            await using var set = source.CreateCommand($"ALTER DATABASE claudedrive SET {setting}");
            await set.ExecuteNonQueryAsync(Token);
        }
    }

    /// <summary>Calls every write of the store at least once, each with something to do.</summary>
    private static async Task LiveAsync(PostgreSqlDriveStore store)
    {
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => store.StoreAsync(Given.Arrival($"whe_{i}", $"sesn_{i % 12}"), Token).AsTask()));
        await store.StoreAsync(Given.Arrival("whe_0", "sesn_0"), Token);
        await store.RecordDeliveriesAsync([Refusal()], Token);
        var leases = await store.ClaimAsync(12, Lease, Token);
        Assert.Equal(12, leases.Count);
        Assert.True(await store.RetryAsync(leases[0], "transient: test", TimeSpan.Zero, Token));
        Assert.True(await store.ParkAsync(leases[1], "permanent: test", Token));
        Assert.True(await store.ParkAsync(leases[2], "permanent: test", Token));
        Assert.Equal(5, await store.RetryDeadAsync(Given.By("ada"), new EventFilter { ResourceId = leases[1].Resource.Id }, Token));
        Assert.Equal(5, await store.DiscardDeadAsync(Given.By("ada"), new EventFilter(), Token));
        await store.RequestAsync(new ResourceKey("agent", "agent_1"), null, WorkLane.Watched, Token);
        await ReviewAsync(store, leases[3]);
        foreach (var lease in leases.Skip(4))
        {
            Assert.Equal(ApplyOutcome.Applied, await store.ApplyAsync(lease, Given.Change(lease.Resource, null), Token));
        }

        Assert.True((await store.DeleteFinishedAsync(new RetentionCut(RetainedRows.Events, TimeSpan.FromTicks(1), 0, 500), Token)).Deleted > 0);
        Assert.True((await store.DeleteFinishedAsync(new RetentionCut(RetainedRows.Deliveries, TimeSpan.FromTicks(1), 0, 500), Token)).Deleted > 0);
    }

    private static async Task ReviewAsync(PostgreSqlDriveStore store, ResourceLease lease)
    {
        var change = Given.Change(lease.Resource, null, "idle", Given.Blocker("sevt_1"), Given.Blocker("sevt_2")) with
        {
            SessionEvents = [Given.SessionEvent("sevt_1", Given.Start)],
        };
        Assert.Equal(ApplyOutcome.Applied, await store.ApplyAsync(lease, change, Token));
        foreach (var item in (await store.ListReviewsAsync(Sight.Everything, new(), new(10), Token)).Items)
        {
            Assert.Null((await store.AnswerReviewAsync(Given.By("ada"), item.ReviewId, Given.Answer(), Token)).Refusal);
        }

        foreach (var send in await store.ClaimSendsAsync(5, Lease, Token))
        {
            Assert.True(await store.EndSendAsync(send, new SendEnding(ReviewState.Resumed, "sevt_9"), Token));
        }
    }

    private static DeliveryRecord Refusal() => new()
    {
        Endpoint = Given.Endpoint,
        ReceivedAt = Given.Start,
        Outcome = DeliveryOutcome.Rejected,
        Code = "signature_mismatch",
        Facts = Given.Facts,
    };

    [GeneratedRegex(@"Seq Scan on (events|open_events|closed_events|repeats|work|deliveries|contexts|revisions|transcript|reviews|review_steps)\b.*")]
    private static partial Regex Walk();
}
