using System.Text;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using ClaudeDrive.SecretScan;
using ClaudeDrive.Server.Tests.Running;
using ClaudeDrive.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace ClaudeDrive.Server.Tests.Hardening;

/// <summary>
/// The scan at the end of <c>eng/test</c> finds what it is there to find. What the tests plant here is never handed to <see cref="SuiteOutput"/>.
/// </summary>
public sealed class SecretSearchTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("claudedrive-scan-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Planted => new()
    {
        { "a signing secret", "secret whsec_c29tZS1vdGhlci1zZWNyZXQtb2YtYS1ydW4tMDE= in use" },
        { "a signing secret", "{\"secret\":\"whsec_c29tZS1vdGhlci1zZWNyZXQt\\u002BYtYS1ydW4tMDE=\"}" },
        { "a signing secret of the tests", "key BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY" },
        { "a signing secret of the tests", "{\"key\":\"BwwRFhsgJSovNDk\\u002BQ0hNUldcYWZrcHV6f4SJjpOYnaI=\"}" },
        { "a signing secret of the tests", "?key=BwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSY%3D" },
        { "a signing secret of the tests", "0708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223242526" },
        { "a signature", "webhook-signature: v1,XPRSIDClViwvvr9B5x5xXmHDQj4QfCI+8yKPkRHE/9I=" },
        { "a signature", "{\"signature\":\"v1,XPRSIDClViwvvr9B5x5xXmHDQj4QfCI\\u002B8yKPkRHE/9I=\"}" },
        { "a bearer key", "Authorization: Bearer some-key-of-somebody" },
        { "a key of the tests", "caller " + ServerUnderTest.AdminKey },
        { "an API key of ours", "cd_" + new string('a', 43) },
        { "an API key of Claude", "x-api-key: sk-ant-api03-0123456789" },
    };

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [MemberData(nameof(Planted))]
    public void In_PlantedText_IsFoundWithItsPlaceAndNeverShown(string kind, string text)
    {
        File.WriteAllText(Path.Combine(_directory, "clean.log"), "{\"Message\":\"whsec_ and v1, and cd_ alone are no secrets\"}");
        File.WriteAllText(Path.Combine(_directory, "some.log"), "first line\n" + text);

        var leak = Assert.Single(SecretSearch.In(_directory).Leaks);

        Assert.Equal(("some.log", kind), (leak.File, leak.Kind));
        Assert.DoesNotContain(text[^10..], leak.ToString(), StringComparison.Ordinal);
    }

    /// <summary>What <c>eng/test</c> asks: the program's exit code.</summary>
    [Fact]
    public void Main_Planted_FailsAsItDoesWhenThereIsNothingToLookAt()
    {
        Assert.Equal(1, Main());
        File.WriteAllText(Path.Combine(_directory, "clean.log"), "nothing");
        Assert.Equal(0, Main());
        File.WriteAllText(Path.Combine(_directory, "some.log"), $"secret {Vectors.SecretA}");
        Assert.Equal(1, Main());

        int Main() => (int)typeof(SecretSearch).Assembly.EntryPoint!.Invoke(null, [new[] { _directory }])!;
    }

    [Fact]
    public void In_RawBytesOfAKey_AreFound()
    {
        byte[] bytes = [0, 1, 2, .. Convert.FromBase64String(Vectors.SecretB["whsec_".Length..]), 0xFF];
        File.WriteAllBytes(Path.Combine(_directory, "memory.bin"), bytes);
        Assert.Equal(3, Assert.Single(SecretSearch.In(_directory).Leaks).Offset);
    }

    [Fact]
    public void In_OnEveryBorderOfPieces_IsFoundOnce()
    {
        const int Piece = 1024;
        for (var before = Piece - 60; before < Piece + (2 * SecretPatterns.Longest); before += 7)
        {
            File.WriteAllText(Path.Combine(_directory, "some.log"), new string('.', before) + Vectors.SecretA + new string('.', 3 * Piece));
            Assert.Equal(before, SecretSearch.In(_directory, Piece).Leaks.First(static leak => leak.Kind == "a signing secret").Offset);
            Assert.Single(SecretSearch.In(_directory, Piece).Leaks, static leak => leak.Kind == "a signing secret");
        }
    }

    [Fact]
    public async Task In_DatabaseThatHoldsASecret_IsFound()
    {
        await using (var store = new SqliteDriveStore(new SqliteStoreOptions { DataDirectory = _directory }, TimeProvider.System, Coalescing.Default))
        {
            await store.OpenAsync(Token);
            var body = Encoding.UTF8.GetBytes($"{{\"note\":\"{Vectors.SecretA}\"}}");
            await store.StoreAsync(
                new InboxArrival
                {
                    Endpoint = "default",
                    Envelope = new WebhookEnvelope { EventId = "whe_1", EventType = "some.type", Dialect = WebhookDialect.Standard },
                    Body = body,
                    ReceivedAt = Vectors.Now,
                },
                Token);
        }

        Assert.Contains(SecretSearch.In(_directory).Leaks, static leak => leak.File.StartsWith("claudedrive.db", StringComparison.Ordinal));
    }

    /// <summary>The whole way: a server that logs what it must not, and the same server without that mistake.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_LogOfAServer_OnlyThatOfOneThatLeaks(bool leaks)
    {
        await using (var server = await ServerUnderTest.StartAsync(services: services =>
        {
            if (leaks)
            {
                services.AddSingleton<IStartupFilter, HeadersInTheLog>();
            }
        }))
        {
            (await server.SendAsync(Vectors.V1.Request())).Dispose();
            (await server.SendAsync((Vectors.V1 with { Id = "whe_other" }).Request())).Dispose();
            _ = await server.GetAsync("/api/v1/me");
            await File.WriteAllTextAsync(Path.Combine(_directory, "server.log"), server.Log.Text, Token);
            server.Log.Clear();
        }

        var (found, files, bytes) = SecretSearch.In(_directory);
        Assert.True(files == 1 && bytes > 100);
        Assert.Equal(leaks, found.Any(static leak => leak.Kind == "a signature"));
        Assert.Equal(leaks, found.Any(static leak => leak.Kind is "a bearer key" or "a key of the tests"));
    }

    [Fact]
    public void End_NobodyCollects_IsDeletedElseMoved()
    {
        var directory = Directory.CreateTempSubdirectory("claudedrive-scan-").FullName;
        File.WriteAllText(Path.Combine(directory, "clean.txt"), "clean");
        SuiteOutput.End(directory);
        Assert.False(Directory.Exists(directory));
    }

    private sealed class HeadersInTheLog(ILogger<HeadersInTheLog> logger) : IStartupFilter
    {
#pragma warning disable CA1848, CA1873, CA2254 // The mistake that this test is about.
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((HttpContext context, RequestDelegate rest) =>
            {
                logger.LogInformation("headers: " + string.Join("; ", context.Request.Headers.Select(static header => $"{header.Key}: {header.Value}")));
                return rest(context);
            });
            next(app);
        };
#pragma warning restore CA1848, CA1873, CA2254
    }
}
