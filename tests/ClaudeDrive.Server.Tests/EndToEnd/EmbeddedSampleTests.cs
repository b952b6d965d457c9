using System.Diagnostics;
using System.Threading.Channels;
using ClaudeDrive.Chaos.Nodes;
using ClaudeDrive.SecretScan;
using ClaudeDrive.Simulator;
using Xunit;

namespace ClaudeDrive.Server.Tests.EndToEnd;

/// <summary>Runs <c>samples/Embedded</c> as it stands: the library inside somebody's own ASP.NET Core program.</summary>
public sealed class EmbeddedSampleTests
{
    private const string SigningSecret = "whsec_BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY=";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Embedded_ASessionThatWaits_IsPrintedByTheHandler()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        var directory = Directory.CreateTempSubdirectory("claudedrive-embedded-");
        var url = FormattableString.Invariant($"http://127.0.0.1:{Ports.Free()}");
        await using var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { Urls = "http://127.0.0.1:0", Target = new Uri(url + "/webhooks/claude"), Secret = SigningSecret, StoryPace = 0.05 }, limit.Token);
        using var sample = Start(url, directory.FullName, simulator.BaseUrl);
        try
        {
            var lines = Channel.CreateUnbounded<string>();
            sample.OutputDataReceived += (_, line) => lines.Writer.TryWrite(line.Data ?? "");
            sample.BeginOutputReadLine();
            await LineAsync(lines.Reader, static line => line.Contains("Now listening on", StringComparison.Ordinal), limit.Token);

            var sessionId = simulator.StartSessions("needs_answer").Single();

            await LineAsync(lines.Reader, line => line.StartsWith(sessionId + " revision ", StringComparison.Ordinal) && line.EndsWith("idle needs_answer", StringComparison.Ordinal), limit.Token);
            await LineAsync(lines.Reader, static line => line == "  waits on custom_tool approve_refund", limit.Token);
        }
        finally
        {
            sample.Kill();
            await sample.WaitForExitAsync(CancellationToken.None);
            SuiteOutput.End(directory.FullName);
        }
    }

    [Fact]
    public void Embedded_Source_HasUnderFortyLines()
    {
        var source = File.ReadAllLines(Path.Combine(Root(), "samples", "Embedded", "Program.cs"));

        Assert.InRange(source.Length, 1, 39);
    }

    private static Process Start(string url, string directory, Uri claude)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Embedded.dll"), "--urls", url])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = directory,
        };
        start.Environment["ANTHROPIC_API_KEY"] = "sk-embedded-test";
        start.Environment["ANTHROPIC_BASE_URL"] = claude.ToString();
        start.Environment["ANTHROPIC_WEBHOOK_SIGNING_KEY"] = SigningSecret;
        return Process.Start(start)!;
    }

    private static async Task LineAsync(ChannelReader<string> lines, Func<string, bool> isIt, CancellationToken token)
    {
        while (!isIt(await lines.ReadAsync(token)))
        {
            // Other lines are of no interest.
        }
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "ClaudeDrive.slnx")))
        {
            directory = directory.Parent;
        }

        return directory.FullName;
    }
}
