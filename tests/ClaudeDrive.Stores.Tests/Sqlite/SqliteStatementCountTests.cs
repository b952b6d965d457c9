using ClaudeDrive.Access;
using System.Collections.Concurrent;
using ClaudeDrive.Conformance;
using ClaudeDrive.Contexts;
using SQLitePCL;
using Xunit;

namespace ClaudeDrive.Stores.Tests.Sqlite;

/// <summary>
/// How many statements the way of an event costs, counted by SQLite itself: a regression guard that does not look at a clock. Who makes a number
/// larger makes every delivery slower, and says why here.
/// </summary>
public sealed class SqliteStatementCountTests : SqliteStoreTest
{
    private const int Events = 50;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<string> _statements = new();

    // Kept: SQLite calls it as long as the connection lives.
    private readonly delegate_trace _trace;

    public SqliteStatementCountTests() => _trace = (_, statement) => _statements.Enqueue(statement.utf8_to_string());

    [Fact]
    public async Task Store_ManyWaiting_ThreeStatementsEachAndOneCommit()
    {
        await TraceAsync();
        var hold = await HoldWriterAsync(Store);
        var stored = Enumerable.Range(0, Events).Select(i => Store.StoreAsync(Given.Arrival($"wevt_{i}", $"sesn_{i}"), Token).AsTask()).ToList();

        var counts = await CountAsync(async () =>
        {
            await hold.DisposeAsync();
            await Task.WhenAll(stored);
        });

        // The event, its delivery record, its work row; for the batch, the counters of events and of deliveries.
        Assert.Equal(new Dictionary<string, int> { ["INSERT"] = (3 * Events) + 2, ["BEGIN"] = 1, ["COMMIT"] = 1 }, counts);
    }

    [Fact]
    public async Task Store_Repeats_OneStatementMoreThanNew()
    {
        await TraceAsync();
        await Store.StoreAsync(Given.Arrival("wevt_1"), Token);
        var hold = await HoldWriterAsync(Store);
        var stored = Enumerable.Range(0, Events).Select(_ => Store.StoreAsync(Given.Arrival("wevt_1"), Token).AsTask()).ToList();

        var counts = await CountAsync(async () =>
        {
            await hold.DisposeAsync();
            await Task.WhenAll(stored);
        });

        // An insert that finds the event, its count, its delivery record; the counter of deliveries.
        Assert.Equal(new Dictionary<string, int> { ["INSERT"] = (2 * Events) + 1, ["UPDATE"] = Events, ["BEGIN"] = 1, ["COMMIT"] = 1 }, counts);
    }

    [Fact]
    public async Task Claim_ManyDue_ThreeStatementsEach()
    {
        await TraceAsync();
        await StoreAllAsync();

        var counts = await CountAsync(async () => Assert.Equal(Events, (await Store.ClaimAsync(Events, Lease, Token)).Count));

        // For each resource a token, the lease, its events; for the claim what has cooled, what is due in each lane, the newest position, and the
        // transaction with its savepoint.
        Assert.InRange(counts.Values.Sum(), 3 * Events, (3 * Events) + 10);
        Assert.Equal((1, 1), (counts["BEGIN"], counts["COMMIT"]));
    }

    [Fact]
    public async Task Apply_OneRevision_AsManyStatementsHoweverLongTheHistory()
    {
        await TraceAsync();
        var few = await CountApplyAsync(0);
        for (var i = 1; i < 20; i++)
        {
            await CountApplyAsync(i);
        }

        var many = await CountApplyAsync(20);

        Assert.InRange(many.Values.Sum(), 1, few.Values.Sum());

        // Counted: twenty for the first revision of a session, eighteen for a later one. Metadata pairs and words are among them.
        Assert.InRange(few.Values.Sum(), 1, 20);
    }

    private async Task<Dictionary<string, int>> CountApplyAsync(int round)
    {
        await Store.StoreAsync(Given.Arrival($"wevt_{round}"), Token);
        Time.Advance(TimeSpan.FromMinutes(1));
        var lease = Assert.Single(await Store.ClaimAsync(1, Lease, Token));
        var change = Given.Change("sesn_1", await Store.FindHeadAsync(Sight.Everything, lease.Resource, Token));
        return await CountAsync(async () => Assert.Equal(ApplyOutcome.Applied, await Store.ApplyAsync(lease, change, Token)));
    }

    private Task<bool[]> StoreAllAsync() => Task.WhenAll(
        Enumerable.Range(0, Events).Select(i => Store.StoreAsync(Given.Arrival($"wevt_{i}", $"sesn_{i}"), Token).AsTask()));

    /// <summary>What the writer's connection runs meanwhile, by first word.</summary>
    private async Task<Dictionary<string, int>> CountAsync(Func<Task> act)
    {
        _statements.Clear();
        await act();

        // A held writer ends its own transaction first.
        // What triggers do is traced as comments: the statement before says what was asked.
        var seen = _statements.Where(static statement => statement.Split('\n').Any(static line => !line.StartsWith("--", StringComparison.Ordinal))).ToList();
        var held = seen[0].StartsWith("RELEASE", StringComparison.Ordinal) ? seen.IndexOf("COMMIT") + 1 : 0;
        return seen.Skip(held).Select(FirstWord).CountBy(static word => word).ToDictionary(static item => item.Key, static item => item.Value, StringComparer.Ordinal);
    }

    private static string FirstWord(string statement) =>
        statement.Split('\n').First(static line => !line.StartsWith("--", StringComparison.Ordinal)).Split(' ')[0];

    private async Task TraceAsync() => await Store.WriteAsync(
        scope =>
        {
            raw.sqlite3_trace(scope.Database.Handle, _trace, null);
            return true;
        },
        Token);
}
