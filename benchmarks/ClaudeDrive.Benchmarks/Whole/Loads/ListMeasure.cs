using System.Diagnostics;
using System.Net.Http.Headers;
using ClaudeDrive.Benchmarks.Whole.Subjects;

namespace ClaudeDrive.Benchmarks.Whole.Loads;

/// <summary>Times the first page of every list that people open, one request at a time, total included.</summary>
internal sealed class ListMeasure(Measurements measurements)
{
    private const int Requests = 15;

    /// <summary>The lists, by name of the series and route.</summary>
    public static IReadOnlyList<(string Name, string Route)> Lists { get; } =
    [
        ("events", "events?limit=50"),
        ("events_dead", "events?state=dead&limit=50"),
        ("sessions", "sessions?limit=50"),
        ("sessions_idle", "sessions?status=idle&limit=50"),
        ("reviews", "reviews?limit=50"),
        ("deliveries", "deliveries?limit=50"),
        ("dead_letters", "dead-letters?limit=50"),
        ("stats", "stats"),
    ];

    /// <summary>Adds the median of each to <c>PREFIX/list_NAME_ms</c>. Throws when a list answers anything but 200.</summary>
    public async Task RunAsync(RunningSubject running, string prefix, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{running.Port}/api/v1/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ProductSubject.AdminKey);
        foreach (var (name, route) in Lists)
        {
            List<double> times = [];
            for (var i = 0; i < Requests; i++)
            {
                var started = Stopwatch.GetTimestamp();
                using var answer = await http.GetAsync(new Uri(route, UriKind.Relative), cancellationToken);
                if (!answer.IsSuccessStatusCode)
                {
                    throw new InvalidOperationException($"{route}: {(int)answer.StatusCode}");
                }

                await answer.Content.LoadIntoBufferAsync(cancellationToken);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            times.Sort();
            measurements.Add($"{prefix}/list_{name}_ms", times[Requests / 2]);
        }
    }
}
