using ClaudeDrive.Cli.Demo;
using ClaudeDrive.Cli.Output;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Server.Tests.Cli;

/// <summary>What the demo shows, on a terminal and in a pipe.</summary>
public sealed class DemoReporterTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Report_WholeStory_EveryHappeningIsOneLineAndTheCommandIsWhole(bool terminal)
    {
        var text = new StringWriter();
        var time = new FakeTimeProvider(CliProbe.Now);
        var reporter = new DemoReporter(new Screen(text, terminal, 60), time);

        reporter.Started("http://127.0.0.1:4100", "http://127.0.0.1:4010", "printed once below", new DemoSettings(4100, 4010, 7, Once: true));
        time.Advance(TimeSpan.FromSeconds(1.5));
        reporter.Report(new DemoHappening.SessionCreated("sesn_1", "needs_answer"));
        reporter.Report(new DemoHappening.Delivered("whe_1", "session.status_idled", "sesn_1"));
        reporter.Report(new DemoHappening.Duplicate("whe_1", "session.status_idled", 2));
        reporter.Report(new DemoHappening.OutOfOrder("whe_0", "session.status_run_started", TimeSpan.FromSeconds(3)));
        reporter.Report(new DemoHappening.Rejected("timestamp_too_old"));
        reporter.Report(new DemoHappening.Hydrated("sesn_1", 2, "needs_answer"));
        reporter.Report(new DemoHappening.WaitingForReview("rvw_1", "sesn_1", "approve \u001b[31mrefund", "claudedrive reviews answer rvw_1 --result 'approved, thank you very much'"));
        reporter.Report(new DemoHappening.Answered("rvw_1", "you"));
        reporter.Report(new DemoHappening.Resumed("rvw_1", "sesn_1"));

        var plain = System.Text.RegularExpressions.Regex.Replace(text.ToString(), "\u001b\\[[0-9;]*m", string.Empty);
        Assert.Contains("1.5s  session", plain, StringComparison.Ordinal);
        Assert.Contains("claudedrive reviews answer rvw_1 --result 'approved, thank you very much'\n", plain, StringComparison.Ordinal);
        Assert.Contains("\\e[31mrefund", plain, StringComparison.Ordinal);
        Assert.Equal(terminal, text.ToString().Contains('\u001b', StringComparison.Ordinal));
    }

    [Fact]
    public void Finish_SidesAgree_ReturnsDone()
    {
        var text = new StringWriter();

        var code = new DemoReporter(new Screen(text, colours: false, 80), new FakeTimeProvider()).Finish(Summary([]));

        Assert.Equal(0, code);
        Assert.Matches("delivered +12", text.ToString());
        Assert.Matches("reads per webhook +0.50", text.ToString());
        Assert.Matches("agreement +yes", text.ToString());
    }

    [Fact]
    public void Finish_SidesDiffer_ReturnsFailedAndListsEach()
    {
        var text = new StringWriter();

        var code = new DemoReporter(new Screen(text, colours: false, 80), new FakeTimeProvider())
            .Finish(Summary(["sesn_1: the ledger says idle, the context running", "whe_9 was never applied"]));

        Assert.Equal(1, code);
        Assert.Contains("NO: 2 differences", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("- whe_9 was never applied", text.ToString(), StringComparison.Ordinal);
    }

    private static DemoSummary Summary(IReadOnlyList<string> differences)
    {
        return new DemoSummary
        {
            Sessions = 3,
            Delivered = 12,
            Duplicates = 4,
            OutOfOrder = 2,
            Hydrated = 6,
            ReadsPerWebhook = 0.5,
            Reviewed = 1,
            Resumed = 1,
            Differences = differences,
        };
    }
}
