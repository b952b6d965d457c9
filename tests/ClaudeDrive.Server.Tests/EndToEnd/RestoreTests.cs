using System.Text;
using System.Text.Json;
using ClaudeDrive.Chaos.Nodes;
using ClaudeDrive.Cli;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Cli.Demo;
using ClaudeDrive.Cli.Output;
using ClaudeDrive.Server.Tests.Cli;
using Xunit;

namespace ClaudeDrive.Server.Tests.EndToEnd;

/// <summary>The real program is backed up, lives on, is killed, and goes on from its backup (invariants 3 and 5).</summary>
public sealed class RestoreTests(ITestOutputHelper output)
{
    private const int Sessions = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Restore_AnswersWereSentSinceTheBackup_NoneIsSentAgainAndSessionsGoOn()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        await using var storm = await CrashStorm.StartAsync(seed, limit.Token);
        var backup = Path.Combine(storm.Setup.DataDirectory, "backup");
        using var claude = new HttpClient { BaseAddress = new Uri(storm.Setup.Environment["ANTHROPIC_BASE_URL"]) };
        using (var before = await ServerProcess.StartAsync(storm.Setup, limit.Token))
        {
            // Messages to sessions that gave up: Claude takes any number of them, so that a second one would show.
            storm.Begin(["gives_up"], Sessions, 5);
            using var api = storm.Setup.Client();
            await UntilAsync(async () => (await OpenReviews.ListAsync(api, limit.Token)).Count == Sessions, limit.Token);

            // Claude tells to wait: the answers queue up, and so the backup has them.
            await SetFaultAsync(claude, """{"api_429":{"rate":1}}""", limit.Token);
            foreach (var review in await OpenReviews.ListAsync(api, limit.Token))
            {
                Assert.True(await OpenReviews.AnswerAsync(api, review.Text("review_id")!, DemoStory.Answer(review.Text("kind")), limit.Token));
            }

            await RunAsync("backup", backup, "--data", storm.Setup.DataDirectory);
            await SetFaultAsync(claude, """{"api_429":{"rate":0}}""", limit.Token);
            await UntilAsync(async () => (await MessagesAsync(claude, limit.Token)).Count == Sessions, limit.Token);
            await before.KillAsync(limit.Token);
        }

        await RunAsync("restore", backup, "--data", storm.Setup.DataDirectory, "--force");
        using var server = await ServerProcess.StartAsync(storm.Setup, limit.Token);
        using var after = storm.Setup.Client();

        var (_, view) = await storm.SettleAsync(after, limit.Token, static difference => difference.StartsWith("event ", StringComparison.Ordinal));

        var messages = await MessagesAsync(claude, limit.Token);
        Assert.Equal(Sessions, messages.Count);
        Assert.Equal(Sessions, messages.Select(static item => item.Text("session_id")).Distinct().Count());
        Assert.Equal(Sessions, view.Sessions.Count);
    }

    private static async Task SetFaultAsync(HttpClient claude, string fault, CancellationToken cancellationToken)
    {
        using var body = new StringContent(fault, Encoding.UTF8, "application/json");
        using var answer = await claude.PostAsync("/_sim/faults", body, cancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
    }

    private static async Task<IReadOnlyList<JsonElement>> MessagesAsync(HttpClient claude, CancellationToken cancellationToken)
    {
        using var ledger = JsonDocument.Parse(await claude.GetStringAsync("/_sim/ledger", cancellationToken));
        return [.. ledger.RootElement.Items("user_events").Where(static item => item.Text("type") == "user.message").Select(static item => item.Clone())];
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo, CancellationToken cancellationToken)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await isSo())
        {
            await poll.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static async Task RunAsync(params string[] arguments)
    {
        var result = await new CliProbe().RunAsync(arguments);
        Assert.True(result.ExitCode == 0, result.Everything);
    }
}
