using System.Text;
using ClaudeDrive.Cli;
using ClaudeDrive.SecretScan;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Server.Tests.Cli;

/// <summary>Runs the program in process, with an environment, a clock and streams of its own.</summary>
internal sealed class CliProbe
{
    public const string ApiKey = "cdk_test_Sup3rS3cretKeyValue";

    public static readonly DateTimeOffset Now = new(2026, 3, 18, 14, 10, 0, TimeSpan.Zero);

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal) { ["CLAUDEDRIVE_API_KEY"] = ApiKey };

    public byte[] Input { get; init; } = [];

    public bool IsTerminal { get; init; }

    public int Width { get; init; } = 120;

    public TimeProvider Time { get; init; } = new FakeTimeProvider(Now) { AutoAdvanceAmount = TimeSpan.Zero };

    public static CliProbe For(FakeServer server)
    {
        return new CliProbe { Variables = { ["CLAUDEDRIVE_URL"] = server.Url } };
    }

    public async Task<CliResult> RunAsync(params string[] args)
    {
        return await RunUntilAsync(args, TestContext.Current.CancellationToken);
    }

    public async Task<CliResult> RunUntilAsync(string[] args, CancellationToken cancellationToken)
    {
        using var input = new MemoryStream(Input);
        await using var output = new StringWriter(new StringBuilder());
        await using var error = new StringWriter(new StringBuilder());
        var code = await CliApplication.RunAsync(
            args,
            new CliHost
            {
                Input = input,
                Output = TextWriter.Synchronized(output),
                Error = TextWriter.Synchronized(error),
                Variable = name => Variables.GetValueOrDefault(name),
                Time = Time,
                InputIsTerminal = false,
                OutputIsTerminal = IsTerminal,
                ErrorIsTerminal = IsTerminal,
                Width = Width,
            },
            cancellationToken);
        if (args is not ["keys", "create", ..])
        {
            // A key that was just made is shown, this once; everything else must not show one.
            SuiteOutput.Write("cli", $"{output}\n{error}\n");
        }

        return new CliResult(code, output.ToString(), error.ToString());
    }
}
