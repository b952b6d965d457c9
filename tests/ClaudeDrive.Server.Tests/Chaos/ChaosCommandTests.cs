using ClaudeDrive.Chaos;
using ClaudeDrive.Chaos.Outages;
using ClaudeDrive.Chaos.Reporting;
using Xunit;

namespace ClaudeDrive.Server.Tests.Chaos;

/// <summary>The command line of the chaos runs and what they print.</summary>
public sealed class ChaosCommandTests
{
    private static readonly RunRow Row = new([("store", "sqlite"), ("breaches", "0")]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--store sqlite --nodes 2", "SQLite serves one node")]
    [InlineData("--nodes 0", "--nodes is 1 to 9")]
    [InlineData("--minutes 0.1", "--minutes is 0.2 to 60")]
    [InlineData("--without rain", "there is no such kind of fault")]
    [InlineData("--store oracle", "oracle")]
    [InlineData("--seeds 1", "--seeds")]
    [InlineData("--outage --store sqlite", "SQLite has no server")]
    [InlineData("--outage --seconds 0", "--seconds is 1 to 600")]
    [InlineData("--outage --rate 5000", "--rate is 1 to 1000")]
    public async Task Run_WrongUsage_SaysSoAndExits2(string arguments, string said)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await ChaosCommand.RunAsync(arguments.Split(' '), output, error, Token);

        Assert.Equal(2, code);
        Assert.Contains(said, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Help_NamesEveryOption()
    {
        using var output = new StringWriter();

        Assert.Equal(0, await ChaosCommand.RunAsync(["--help"], output, output, Token));
        foreach (var option in (string[])["--seed", "--minutes", "--store", "--nodes", "--without", "--report", "--outage", "--seconds", "--rate"])
        {
            Assert.Contains(option, output.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Append_Twice_TheHeadStandsOnce()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("claudedrive-report-").FullName, "runs.md");
        await RunTable.AppendAsync(path, Row, Token);
        await RunTable.AppendAsync(path, Row, Token);

        Assert.Equal("| store | breaches |\n|---|---|\n| sqlite | 0 |\n| sqlite | 0 |\n", await File.ReadAllTextAsync(path, Token));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void ForPeople_Row_OneFigureALine()
    {
        Assert.Equal("  store     sqlite\n  breaches  0", RunTable.ForPeople(Row));
    }

    [Theory]
    [InlineData("""{"events":[{"delivered":true,"attempts":[{"at":"T","status":503}, {"at":"T","status":200}]}]}""", "1 attempts ended with 503")]
    [InlineData("""{"events":[{"delivered":true,"attempts":[{"at":"T","status":null,"outcome":"timed_out"}, {"at":"T","status":200}]}]}""", "ended with timed_out")]
    [InlineData("""{"events":[{"delivered":false,"attempts":[]}]}""", "1 events never got a 200")]
    [InlineData("""{"events":[]}""", "1 events were emitted, and the ledger knows 0")]
    public void OutageBreaches_OneThingWrong_IsNamed(string ledger, string breach)
    {
        Assert.Contains(OutageBreaches.Find(CleanRun.Json(ledger), 1), found => found.Contains(breach, StringComparison.Ordinal));
        Assert.Empty(OutageBreaches.Find(CleanRun.Json("""{"events":[{"delivered":true,"attempts":[{"at":"T","status":200}]}]}"""), 1));
    }
}
