using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using ClaudeDrive.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Inbox.Spool;
using ClaudeDrive.Ingest;
using ClaudeDrive.SecretScan;
using ClaudeDrive.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace ClaudeDrive.Server.Tests.EndToEnd;

/// <summary>
/// A process that writes as fast as it can is killed with SIGKILL again and again over the same directory; everything that it said was kept is there, as it
/// was sent. The kernel keeps what a killed process wrote: that the disk has it too is the flush's promise, which no test on a running machine can see
/// broken; <c>SpoolPowerCutTests</c> and <c>SqliteCrashTests</c> take away what was not flushed.
/// </summary>
public sealed class WriterKillTests(ITestOutputHelper output) : IDisposable
{
    private const int Lives = 8;

    private readonly string _directory = Directory.CreateTempSubdirectory("claudedrive-kill-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_SqliteInTheMiddleOfWrites_EverythingAcknowledgedIsThere()
    {
        HashSet<string> stored = [];
        Dictionary<(string SessionId, int Number), string> applied = [];
        var random = Seeded();
        for (var life = 0; life < Lives; life++)
        {
            foreach (var line in await LiveAndDieAsync("sqlite", life, random.Next(50, 1_500)))
            {
                if (line is ["stored", var eventId])
                {
                    stored.Add(eventId);
                }
                else
                {
                    applied[(line[1], int.Parse(line[2], CultureInfo.InvariantCulture))] = line[3];
                }
            }

            await using var store = new SqliteDriveStore(new SqliteStoreOptions { DataDirectory = _directory }, TimeProvider.System, Coalescing.Default);
            await store.OpenAsync(Token);
            foreach (var eventId in stored)
            {
                var found = await store.FindEventAsync(Sight.Everything, Given.Endpoint, eventId, Token);
                Assert.True(found is not null, $"{eventId} was acknowledged in one of {life + 1} lives and is lost");
                Assert.True(Given.Body(eventId).AsSpan().SequenceEqual(found.Value.Body.Span), $"{eventId} is not what was sent");
            }

            foreach (var ((sessionId, number), hash) in applied)
            {
                Assert.Equal(hash, (await store.FindRevisionAsync(Sight.Everything, ResourceKey.Session(sessionId), number, Token))?.Hash);
            }
        }

        output.WriteLine($"{stored.Count} events, {applied.Count} revisions");
        Assert.True(applied.Count > Lives, "too little was applied for the test to mean anything");
    }

    [Fact]
    public async Task Kill_SpoolInTheMiddleOfWritesAndDrain_EverythingAcknowledgedIsDrainedOrThere()
    {
        HashSet<string> spooled = [];
        HashSet<string> drained = [];
        var random = Seeded();
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        for (var life = 0; life < Lives; life++)
        {
            foreach (var line in await LiveAndDieAsync("spool", life, random.Next(50, 3_000)))
            {
                (line[0] == "spooled" ? spooled : drained).Add(line[1]);
            }

            // Looked at in a copy: the next life finds what this one left.
            var waiting = await ReadSpoolAsync(services);
            foreach (var eventId in spooled)
            {
                Assert.True(drained.Contains(eventId) || waiting.Contains(eventId), $"{eventId} was acknowledged in one of {life + 1} lives and is lost");
            }
        }

        Assert.Empty(Directory.GetFiles(_directory, "*.damaged"));
        output.WriteLine($"{spooled.Count} spooled, {drained.Count} drained");
        Assert.True(drained.Count > Lives, "too little was drained for the test to mean anything");
    }

    public void Dispose() => SuiteOutput.End(_directory);

    private Random Seeded()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }

    private async Task<IReadOnlyList<string[]>> LiveAndDieAsync(string kind, int life, int lines)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(StoreConformance.Timeout);
        var program = Path.Combine(AppContext.BaseDirectory, "ClaudeDrive.FaultHost.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "write", kind, _directory, $"{life}"]) { RedirectStandardOutput = true })!;
        List<string[]> said = [];
        try
        {
            while (said.Count < lines && await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                said.Add(line.Split(' '));
            }
        }
        finally
        {
            process.Kill();
        }

        // What is in the pipe was said before it died, but for a line that was cut.
        var rest = (await process.StandardOutput.ReadToEndAsync(limit.Token)).Split('\n');
        said.AddRange(rest[..^1].Select(static line => line.Split(' ')));
        await process.WaitForExitAsync(limit.Token);
        Assert.True(said.Count >= lines, $"the writer ended by itself after {said.Count} lines");
        return said;
    }

    private async Task<HashSet<string>> ReadSpoolAsync(ServiceProvider services)
    {
        var copy = Directory.CreateTempSubdirectory("claudedrive-kill-copy-").FullName;
        try
        {
            foreach (var file in Directory.GetFiles(_directory))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }

            var metrics = new SpoolMetrics(services.GetRequiredService<IMeterFactory>(), TimeProvider.System);
            await using var spool = new DeliverySpool(new SpoolSettings { Directory = copy }, metrics, NullLogger<DeliverySpool>.Instance);
            spool.Open();
            HashSet<string> waiting = [];
            while (spool.ReadNext() is { } batch)
            {
                foreach (var (_, _, arrival) in batch.Arrivals)
                {
                    Assert.True(Given.Body(arrival.Envelope.EventId).AsSpan().SequenceEqual(arrival.Body.Span), $"{arrival.Envelope.EventId} is not what was sent");
                    waiting.Add(arrival.Envelope.EventId);
                }

                spool.Advance(batch, batch.Arrivals.Count, batch.Arrivals.Count);
            }

            Assert.Empty(Directory.GetFiles(copy, "*.damaged"));
            return waiting;
        }
        finally
        {
            SuiteOutput.End(copy);
        }
    }
}
