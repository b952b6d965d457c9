using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ClaudeDrive.Benchmarks.Whole.Loads;

/// <summary>Runs the load generator, a program of its own.</summary>
internal sealed class Generator(string program)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Sends one load; calls back when the measured window begins and when it ends.</summary>
    public async Task<LoadResult> RunAsync(Uri target, Load load, Func<Task> begins, Func<Task> ends, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in Arguments(target, load))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            List<string> said = [];
            while (await process.StandardError.ReadLineAsync(cancellationToken) is { } line)
            {
                said.Add(line);
                await (line switch { "window begins" => begins(), "window ends" => ends(), _ => Task.CompletedTask });
            }

            await process.WaitForExitAsync(cancellationToken);
            var text = await output;
            return text.Length > 0
                ? JsonSerializer.Deserialize<LoadResult>(text, Json)!
                : throw new InvalidOperationException($"The load generator failed: {string.Join('\n', said)}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static IEnumerable<string> Arguments(Uri target, Load load) =>
    [
        "--target", target.ToString(),
        "--secret", Workplace.Secret,
        "--connections", Text(load.Connections),
        "--rate", Text(load.Rate),
        "--ids", load.RandomIds ? "random" : "ordered",
        "--sessions", Text(load.Sessions),
        "--burst", Text(load.Burst),
        "--warm-up", Text(load.WarmUp),
        "--seconds", Text(load.Seconds),
    ];

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
