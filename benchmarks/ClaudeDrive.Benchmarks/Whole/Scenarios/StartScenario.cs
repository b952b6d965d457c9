using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using ClaudeDrive.Benchmarks.Whole.Processes;
using ClaudeDrive.Benchmarks.Whole.Subjects;

namespace ClaudeDrive.Benchmarks.Whole.Scenarios;

/// <summary>From the start of <c>serve</c> on an empty directory to the first accepted delivery, and the memory of a server that then has nothing to do.</summary>
internal sealed class StartScenario : IScenario
{
    private const double Megabyte = 1024 * 1024;

    private static readonly HttpClient Http = new();

    /// <inheritdoc/>
    public string Key => "start";

    /// <inheritdoc/>
    public string Title => "Start and idle memory";

    /// <inheritdoc/>
    public async Task RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            foreach (var store in bench.Options.Stores)
            {
                await using var running = await store.StartAsync(new SubjectSettings(bench.Workplace, SlowFsync: false), cancellationToken);
                await DeliverAsync(running.Target, cancellationToken);
                var milliseconds = Stopwatch.GetElapsedTime(running.ServedSince).TotalMilliseconds;
                await Task.Delay(TimeSpan.FromSeconds(bench.Options.Seconds), cancellationToken);
                var memory = ProcessTree.MemoryBytes(running.Servers) / Megabyte;
                bench.Measurements.Add($"start/{store.Key}/first_ms", milliseconds);
                bench.Measurements.Add($"start/{store.Key}/idle_mb", memory);
                Bench.Say(string.Create(CultureInfo.InvariantCulture, $"  start {store.Name}: {milliseconds:F0} ms, idle {memory:F0} MB"));
            }
        }
    }

    /// <summary>Sends one signed event again and again until it is accepted.</summary>
    private static async Task DeliverAsync(Uri target, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var request = Sign(target, TimeProvider.System.GetUtcNow());
            using var answer = await Http.SendAsync(request, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                throw new InvalidOperationException($"The first delivery was refused: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), cancellationToken);
        }
    }

    private static HttpRequestMessage Sign(Uri target, DateTimeOffset now)
    {
        const string Id = "whe_01FirstDelivery";
        var created = now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var body = $$$"""{"type":"event","id":"{{{Id}}}","created_at":"{{{created}}}","data":{"type":"session.updated","id":"sesn_01First"} }""";
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var key = Convert.FromBase64String(Workplace.Secret["whsec_".Length..]);
        var mac = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Id}.{timestamp}.{body}"));
        return new HttpRequestMessage(HttpMethod.Post, target)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Headers =
            {
                { "webhook-id", Id },
                { "webhook-timestamp", timestamp },
                { "webhook-signature", "v1," + Convert.ToBase64String(mac) },
            },
        };
    }
}
