using System.Diagnostics.Metrics;
using ClaudeDrive.Conformance;
using ClaudeDrive.Inbox;
using ClaudeDrive.Inbox.Spool;
using ClaudeDrive.SecretScan;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Tests.Inbox.Spool;

/// <summary>A spool in a directory of its own, opened as often as a test likes.</summary>
internal sealed class SpoolDirectory : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<DeliverySpool> _spools = [];

    public string Path { get; } = System.IO.Path.Combine(Directory.CreateTempSubdirectory("claudedrive-spool-").FullName, "spool");

    public FakeLogger<DeliverySpool> Log { get; } = new();

    public FakeTimeProvider Time { get; } = new(Given.Start);

    public IReadOnlyList<string> Segments => Directory.Exists(Path) ? [.. Directory.GetFiles(Path, "*.spool").Order(StringComparer.Ordinal)] : [];

    public IReadOnlyList<string> Aside => [.. Directory.GetFiles(Path, "*.spool.*").Order(StringComparer.Ordinal)];

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static InboxArrival Arrival(int number, int bodyBytes = 100)
    {
        var body = new byte[bodyBytes];
        new Random(number).NextBytes(body);
        return Given.Arrival($"wevt_{number}", $"sesn_{number % 3}") with { Body = body };
    }

    public DeliverySpool Make(long maxBytes = 1 << 30, int segmentBytes = 4 << 20, bool on = true)
    {
        var metrics = new SpoolMetrics(_services.GetRequiredService<IMeterFactory>(), Time);
        var spool = new DeliverySpool(new SpoolSettings { Directory = on ? Path : null, MaxBytes = maxBytes, SegmentBytes = segmentBytes }, metrics, Log);
        _spools.Add(spool);
        return spool;
    }

    public DeliverySpool Open(long maxBytes = 1 << 30, int segmentBytes = 4 << 20)
    {
        var spool = Make(maxBytes, segmentBytes);
        spool.Open();
        return spool;
    }

    /// <summary>A closed spool that holds the events <c>wevt_0</c> to <c>wevt_(count-1)</c>, one flush each.</summary>
    public async Task FillAsync(int count, int segmentBytes = 4 << 20)
    {
        await using var spool = Open(segmentBytes: segmentBytes);
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(SpoolOutcome.Written, await spool.AppendAsync(Arrival(i), Token));
        }
    }

    /// <summary>Everything that waits, taken out.</summary>
    public static List<InboxArrival> Drain(DeliverySpool spool)
    {
        var all = new List<InboxArrival>();
        while (spool.ReadNext() is { } batch)
        {
            all.AddRange(batch.Arrivals.Select(static one => one.Arrival));
            spool.Advance(batch, batch.Arrivals.Count, batch.Arrivals.Count);
        }

        return all;
    }

    /// <summary>The ids of everything that waits, taken out of a spool opened anew.</summary>
    public async Task<IReadOnlyList<string>> ReopenAndDrainAsync()
    {
        await using var spool = Open();
        return [.. Drain(spool).Select(static arrival => arrival.Envelope.EventId)];
    }

    public static IEnumerable<string> Ids(IEnumerable<int> numbers) => numbers.Select(static number => $"wevt_{number}");

    public async ValueTask DisposeAsync()
    {
        foreach (var spool in _spools)
        {
            await spool.DisposeAsync();
        }

        await _services.DisposeAsync();
        SuiteOutput.End(Directory.GetParent(Path)!.FullName);
    }
}
