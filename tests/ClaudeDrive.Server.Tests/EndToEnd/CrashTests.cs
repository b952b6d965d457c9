using System.Globalization;
using System.Text.Json;
using ClaudeDrive.Access;
using ClaudeDrive.Chaos.Nodes;
using ClaudeDrive.Cli;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Demo;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Simulator;
using ClaudeDrive.Sqlite;
using Xunit;

namespace ClaudeDrive.Server.Tests.EndToEnd;

/// <summary>Kills the real program with SIGKILL in the middle of a delivery storm, again and again (invariants 1, 2, 3 and 5).</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Kills = 10;

    private static readonly string[] Scenarios = ["finishes", "needs_answer", "needs_permission", "parallel_blockers", "gives_up", "multi_agent"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Kill_TenTimesDuringAStorm_NothingAcknowledgedIsLostAndEveryAnswerArrivesOnce()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        await using var storm = await CrashStorm.StartAsync(seed, limit.Token);
        for (var kill = 0; kill < Kills; kill++)
        {
            await storm.LiveAndDieAsync(Scenarios, limit.Token);
        }

        using var server = await ServerProcess.StartAsync(storm.Setup, limit.Token);
        using var api = storm.Setup.Client();
        var (ledger, view) = await storm.SettleAsync(api, limit.Token);
        output.WriteLine(FormattableString.Invariant(
            $"{ledger.Items("sessions").Count} sessions, {view.Events.Count} events, {storm.Submitted.Count} answers submitted, {view.Reviews.Count} reviews"));
        AssertAnswers(storm.Submitted, ledger, view);
        Assert.True(storm.Submitted.Count >= Kills, "too few answers were submitted for the test to mean anything");
        await server.KillAsync(limit.Token);
        await AssertChainsAsync(storm.Setup.DataDirectory, limit.Token);
    }

    private static void AssertAnswers(IReadOnlyCollection<string> submitted, JsonElement ledger, DemoView view)
    {
        var received = ledger.Items("user_events");
        foreach (var reviewId in submitted)
        {
            var review = view.Reviews.Single(item => item.Text("review_id") == reviewId);
            Assert.Equal("resumed", review.Text("state"));
            Assert.Single(received, item => item.Text("event_id") == review.Text("answer_event_id"));
        }

        // No answer that nobody submitted or that was sent twice: tools are counted by Claude, messages by session.
        Assert.All(received.Where(static item => item.Text("answers") is not null), static item => Assert.Equal(1, item.Number("count")));
        foreach (var messages in received.Where(static item => item.Text("type") == "user.message").GroupBy(static item => item.Text("session_id")))
        {
            var answered = view.Reviews.Count(item => item.Text("session_id") == messages.Key && item.Text("state") == "resumed" && item.Text("kind") == "gave_up");
            Assert.Equal(answered, messages.Count());
        }
    }

    private static async Task AssertChainsAsync(string directory, CancellationToken cancellationToken)
    {
        await using var store = new SqliteDriveStore(new SqliteStoreOptions { DataDirectory = directory }, TimeProvider.System, Coalescing.Default);
        await store.OpenAsync(cancellationToken);
        Dictionary<string, string> newest = new(StringComparer.Ordinal);
        long after = 0;
        var count = 0;
        while ((await store.ReadRevisionsAsync(Sight.Everything, after, 200, cancellationToken)).Items is { Count: > 0 } revisions)
        {
            foreach (var revision in revisions)
            {
                var key = revision.Resource.ToString();
                Assert.True(
                    RevisionHash.Verify(revision, newest.GetValueOrDefault(key, RevisionHash.Genesis)),
                    string.Create(CultureInfo.InvariantCulture, $"{key} revision {revision.Number} breaks the chain"));
                newest[key] = revision.Hash;
                after = revision.Seq;
                count++;
            }
        }

        Assert.True(count > 0);
    }
}
