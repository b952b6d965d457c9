using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ClaudeDrive.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Contexts;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.Inbox.Spool;
using ClaudeDrive.Ingest;
using ClaudeDrive.Review;
using ClaudeDrive.SecretScan;
using ClaudeDrive.Sqlite;
using ClaudeDrive.Sqlite.Backups;
using Xunit;

namespace ClaudeDrive.Server.Tests.Cli;

/// <summary><c>backup</c> and <c>restore</c>, over a store that goes on being used.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("claudedrive-backup-").FullName;
    private SqliteDriveStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_root, "data");

    private string Backups => Path.Combine(_root, "backups");

    private string Target => Path.Combine(Backups, "today");

    public async ValueTask InitializeAsync()
    {
        _store = Make(Data);
        await _store.OpenAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        SuiteOutput.End(_root);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Backup_DuringAStorm_HoldsEverythingThatWasStoredBeforeAndStoringGoesOn()
    {
        ConcurrentQueue<string> stored = new();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var writers = Enumerable.Range(0, 8).Select(writer => WriteAsync(writer, stored, done.Token)).ToArray();
        while (stored.Count < 2000)
        {
            await Task.Yield();
        }

        var before = stored.ToArray();
        var result = await RunAsync("backup", Target, "--data", Data, "--json");
        var during = stored.Count - before.Length;
        await done.CancelAsync();
        await Task.WhenAll(writers);

        Assert.Equal(0, result.ExitCode);
        Assert.True(during > 0, "nothing was stored while the backup ran");
        using var manifest = JsonDocument.Parse(result.Output);
        Assert.True(manifest.RootElement.GetProperty("events").GetInt64() >= before.Length);

        var restored = Path.Combine(_root, "restored");
        Assert.Equal(0, (await RunAsync("restore", Target, "--data", restored)).ExitCode);
        await using var copy = Make(restored);
        await copy.OpenAsync(Token);
        foreach (var eventId in before.Where(static (_, i) => i % 50 == 0).Append(before[^1]))
        {
            Assert.NotNull(await copy.FindEventAsync(Sight.Everything, null, eventId, Token));
        }

        Assert.True((await copy.ListEventsAsync(Sight.Everything, new EventFilter(), new PageRequest(1), Token)).Total >= before.Length);
        Assert.True(await copy.StoreAsync(Arrival("whe_after", "sesn_after"), Token));
        Assert.NotEmpty(await copy.ClaimAsync(5, TimeSpan.FromSeconds(30), Token));
    }

    [Fact]
    public async Task Backup_SpoolHoldsDeliveries_TheyAreInItAndInTheRestoredDirectory()
    {
        var spool = Path.Combine(Data, BackupFiles.Spool);
        Directory.CreateDirectory(spool);
        var name = "0000000000000001-00000000000000000001" + SegmentId.Extension;
        await File.WriteAllBytesAsync(Path.Combine(spool, name), [1, 2, 3], Token);

        Assert.Equal(0, (await RunAsync("backup", Target, "--data", Data)).ExitCode);
        var restored = Path.Combine(_root, "restored");
        Assert.Equal(0, (await RunAsync("restore", Target, "--data", restored)).ExitCode);

        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(Path.Combine(restored, BackupFiles.Spool, name), Token));
    }

    [Fact]
    public async Task Backup_TargetHoldsSomething_IsRefused()
    {
        Directory.CreateDirectory(Target);
        await File.WriteAllTextAsync(Path.Combine(Target, "precious"), "x", Token);

        var result = await RunAsync("backup", Target, "--data", Data);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("not empty", result.Error, StringComparison.Ordinal);
        Assert.Equal(["precious"], Directory.GetFileSystemEntries(Target).Select(static path => Path.GetFileName(path)));
    }

    [Fact]
    public async Task Backup_NoDatabase_IsRefused() =>
        Assert.Equal(1, (await RunAsync("backup", Target, "--data", Path.Combine(_root, "nothing"))).ExitCode);

    [Fact]
    public async Task Backup_Killed_LeavesNothingThatCanBeRestoredAndTheNextOneSucceeds()
    {
        await _store.StoreAsync(Arrival("whe_1", "sesn_1"), Token);

        // A pipe that nobody writes into holds the program in the middle: it copies the spool first.
        var pipe = Path.Combine(Data, BackupFiles.Spool, "00000000000000000001-0000000000000001" + SegmentId.Extension);
        Directory.CreateDirectory(Path.GetDirectoryName(pipe)!);
        using (var make = Process.Start("mkfifo", pipe))
        {
            await make.WaitForExitAsync(Token);
        }

        string[] left;
        using (var process = Process.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "claudedrive.dll"), "backup", Target, "--data", Data]))
        {
            while ((left = Directory.Exists(Backups) ? Directory.GetDirectories(Backups) : []).Length == 0)
            {
                Assert.False(process.HasExited);
                await Task.Yield();
            }

            process.Kill();
            await process.WaitForExitAsync(Token);
        }

        File.Delete(pipe);
        Assert.StartsWith(Target + ".partial-", Assert.Single(left), StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("restore", left[0], "--data", Path.Combine(_root, "restored"))).ExitCode);
        Assert.Equal(0, (await RunAsync("backup", Target, "--data", Data)).ExitCode);
        Assert.Equal(0, (await RunAsync("restore", Target, "--data", Path.Combine(_root, "restored"))).ExitCode);
        Assert.True(Directory.Exists(left[0]), "what another backup left is not ours to remove");
    }

    [Fact]
    public async Task Restore_AnswerQueuedInTheBackup_IsLookedForBeforeItIsSent()
    {
        var item = await OpenReviewAsync("sesn_1");
        Assert.Null((await _store.AnswerReviewAsync(Given.By("ada"), item.ReviewId, new ReviewAnswer("""{"type":"message","text":"go on"}"""), Token)).Refusal);
        Assert.Equal(0, (await RunAsync("backup", Target, "--data", Data)).ExitCode);
        var sent = Assert.Single(await _store.ClaimSendsAsync(5, TimeSpan.FromMinutes(1), Token));
        Assert.False(sent.MustVerify);

        var restored = Path.Combine(_root, "restored");
        Assert.Equal(0, (await RunAsync("restore", Target, "--data", restored)).ExitCode);

        await using var copy = Make(restored);
        await copy.OpenAsync(Token);
        Assert.True(Assert.Single(await copy.ClaimSendsAsync(5, TimeSpan.FromMinutes(1), Token)).MustVerify);
        Assert.Empty(Directory.GetFiles(Target, "*-wal"));
    }

    [Fact]
    public async Task Restore_CutShortBetweenTheRenames_NoStoreOpensUntilItIsRunAgain()
    {
        await _store.StoreAsync(Arrival("whe_1", "sesn_1"), Token);
        Assert.Equal(0, (await RunAsync("backup", Target, "--data", Data)).ExitCode);
        var restored = Path.Combine(_root, "restored");
        Directory.CreateDirectory(Path.Combine(restored, "restore.partial"));
        await File.WriteAllTextAsync(Path.Combine(restored, "claudedrive.db-wal"), "the log of a database that was moved away", Token);
        var copy = Make(restored);

        var refusal = await Assert.ThrowsAsync<DriveStoreException>(async () => await copy.OpenAsync(Token));
        Assert.True(refusal.IsPermanent);
        Assert.Contains("claudedrive restore", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(restored, BackupFiles.Database)));

        Assert.Equal(0, (await RunAsync("restore", Target, "--data", restored, "--force")).ExitCode);
        await copy.OpenAsync(Token);
        Assert.NotNull(await copy.FindEventAsync(Sight.Everything, null, "whe_1", Token));
        await copy.DisposeAsync();
        Assert.Single(Directory.GetDirectories(restored, "replaced-*"), static aside => File.Exists(Path.Combine(aside, "claudedrive.db-wal")));
    }

    [Fact]
    public async Task Restore_ServerHoldsTheDirectory_IsRefusedAndNothingIsTouched()
    {
        await _store.StoreAsync(Arrival("whe_1", "sesn_1"), Token);
        Assert.Equal(0, (await RunAsync("backup", Target, "--data", Data)).ExitCode);

        var result = await RunAsync("restore", Target, "--data", Data, "--force");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("held by another process", result.Error, StringComparison.Ordinal);
        Assert.NotNull(await _store.FindEventAsync(Sight.Everything, null, "whe_1", Token));
    }

    [Fact]
    public async Task Restore_DatabaseThere_IsRefusedUnlessForcedThenItIsKeptAside()
    {
        await _store.StoreAsync(Arrival("whe_1", "sesn_1"), Token);
        Assert.Equal(0, (await RunAsync("backup", Target, "--data", Data)).ExitCode);
        await _store.StoreAsync(Arrival("whe_2", "sesn_1"), Token);
        await _store.DisposeAsync();

        Assert.Equal(1, (await RunAsync("restore", Target, "--data", Data)).ExitCode);
        Assert.Equal(0, (await RunAsync("restore", Target, "--data", Data, "--force")).ExitCode);

        await using var restored = Make(Data);
        await restored.OpenAsync(Token);
        Assert.NotNull(await restored.FindEventAsync(Sight.Everything, null, "whe_1", Token));
        Assert.Null(await restored.FindEventAsync(Sight.Everything, null, "whe_2", Token));
        await using var aside = Make(Directory.GetDirectories(Data, "replaced-*").Single());
        await aside.OpenAsync(Token);
        Assert.NotNull(await aside.FindEventAsync(Sight.Everything, null, "whe_2", Token));
    }

    [Theory]
    [InlineData("flip")]
    [InlineData("cut")]
    [InlineData("manifest")]
    [InlineData("missing")]
    [InlineData("outside")]
    public async Task Restore_BackupDamaged_IsRefusedAndNothingIsMade(string damage)
    {
        await _store.StoreAsync(Arrival("whe_1", "sesn_1"), Token);
        Assert.Equal(0, (await RunAsync("backup", Target, "--data", Data)).ExitCode);
        var database = Path.Combine(Target, BackupFiles.Database);
        var manifest = Path.Combine(Target, BackupManifest.FileName);
        var bytes = await File.ReadAllBytesAsync(database, Token);
        switch (damage)
        {
            case "flip":
                bytes[bytes.Length / 2] ^= 1;
                await File.WriteAllBytesAsync(database, bytes, Token);
                break;
            case "cut":
                await File.WriteAllBytesAsync(database, bytes[..^512], Token);
                break;
            case "manifest":
                File.Delete(manifest);
                break;
            case "missing":
                File.Delete(database);
                break;
            default:
                var text = await File.ReadAllTextAsync(manifest, Token);
                await File.WriteAllTextAsync(manifest, text.Replace("claudedrive.db", "../today/claudedrive.db", StringComparison.Ordinal), Token);
                break;
        }

        var restored = Path.Combine(_root, "restored");
        var result = await RunAsync("restore", Target, "--data", restored);

        Assert.Equal(1, result.ExitCode);
        Assert.False(File.Exists(Path.Combine(restored, BackupFiles.Database)));
    }

    [Fact]
    public async Task BackupAndRestore_StoreIsAServer_SayWhatToUse()
    {
        foreach (var verb in (string[])["backup", "restore"])
        {
            var probe = new CliProbe { Variables = { ["ClaudeDrive__Store"] = "postgresql" } };
            var result = await probe.RunAsync(verb, Target, "--data", Data);

            Assert.Equal(2, result.ExitCode);
            Assert.Contains("pg_", result.Error, StringComparison.Ordinal);
        }
    }

    private static SqliteDriveStore Make(string directory) =>
        new(new SqliteStoreOptions { DataDirectory = directory }, TimeProvider.System, Coalescing.Default);

    private static Task<CliResult> RunAsync(params string[] arguments) => new CliProbe().RunAsync(arguments);

    private async Task WriteAsync(int writer, ConcurrentQueue<string> stored, CancellationToken done)
    {
        for (var number = 0; !done.IsCancellationRequested; number++)
        {
            var eventId = string.Create(CultureInfo.InvariantCulture, $"whe_{writer}_{number}");
            await _store.StoreAsync(Arrival(eventId, $"sesn_{writer}"), Token);
            stored.Enqueue(eventId);
        }
    }

    private async Task<ReviewItem> OpenReviewAsync(string sessionId)
    {
        await _store.StoreAsync(Arrival("whe_" + sessionId, sessionId), Token);
        var lease = Assert.Single(await _store.ClaimAsync(5, TimeSpan.FromMinutes(1), Token));
        var change = Given.Change(sessionId, null, "idle", Given.Blocker("sevt_1"));
        var revision = change.Revision! with { Hash = RevisionHash.Of(change.Revision!) };
        change = change with { Revision = revision, Head = change.Head with { RevisionHash = revision.Hash } };
        Assert.Equal(ApplyOutcome.Applied, await _store.ApplyAsync(lease, change, Token));
        return Assert.Single((await _store.ListReviewsAsync(Sight.Everything, new ReviewFilter(), new PageRequest(5), Token)).Items);
    }

    private static InboxArrival Arrival(string eventId, string sessionId) => new()
    {
        Endpoint = "default",
        Envelope = new WebhookEnvelope
        {
            EventId = eventId,
            EventType = "session.updated",
            Dialect = WebhookDialect.Standard,
            Resource = ResourceKey.Session(sessionId),
            SessionId = sessionId,
        },
        Body = Encoding.UTF8.GetBytes("{}"),
        ReceivedAt = TimeProvider.System.GetUtcNow(),
        Delivery = new DeliveryFacts("192.0.2.1", 2, "sec_1", TimeSpan.Zero),
    };
}
