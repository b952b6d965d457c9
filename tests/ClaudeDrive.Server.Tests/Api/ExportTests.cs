using System.Text;
using System.Text.Json;
using ClaudeDrive.Access;
using ClaudeDrive.Audit;
using ClaudeDrive.Custody;
using ClaudeDrive.Server.Tests.Cli;
using ClaudeDrive.Server.Tests.Running;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace ClaudeDrive.Server.Tests.Api;

/// <summary>The export: what is in it, for whom, and that its hashes hold; then the command line with it.</summary>
public sealed class ExportTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_Administrator_HoldsEverythingOnceWithHashes()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await FillAsync(server);

        var (lines, check) = await ReadAsync(await server.Client.GetAsync(new Uri("/api/v1/export", UriKind.Relative), Token));

        Assert.Null(check.Problem);
        Assert.Equal(
            [("event", 5L), ("resource", 1L), ("review", 1L), ("revision", 5L), ("session", 3L), ("timeline", 9L), ("transcript", 4L)],
            check.Counts.Select(static pair => (pair.Key, pair.Value)));
        Assert.Equal(["sesn_1", "sesn_2", "sesn_3"], lines.Where(static line => Text(line, "kind") == "session").Select(static line => Text(line, "resource_id")).Order(StringComparer.Ordinal));
        var audit = await server.Store.ReadAuditAsync(0, 10, Token);
        Assert.Equal([AuditActions.ExportBegun, AuditActions.ExportEnded], audit.Select(static entry => entry.What.Action));
        Assert.Contains(check.Hash, audit[1].What.After, StringComparison.Ordinal);
        var payload = lines.First(static line => Text(line, "kind") == "event").GetProperty("data").GetProperty("payload_text").GetString();
        Assert.StartsWith("{\"id\":\"wevt_", payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_CallerOfOneWorkspace_HoldsNothingOfOthers()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await FillAsync(server);

        var (lines, check) = await ReadAsync(await server.GetAsAsync(await server.KeyForAsync(new Scope { WorkspaceId = "other" }), "/api/v1/export"));

        Assert.Null(check.Problem);
        Assert.Empty(check.Counts);
        Assert.Equal(2, lines.Count);
        var all = await ReadAsync(await server.GetAsAsync(await server.KeyForAsync(new Scope { WorkspaceId = "wrkspc_1" }, "team_2"), "/api/v1/export"));
        Assert.Equal(3, all.Check.Counts["session"]);
    }

    [Fact]
    public async Task Export_ManyPages_EachContextOnce()
    {
        await using var server = await ServerUnderTest.StartAsync();
        for (var i = 0; i < 120; i++)
        {
            await server.ApplyAsync($"wevt_{i}", $"sesn_{i}");
        }

        var (_, check) = await ReadAsync(await server.Client.GetAsync(new Uri("/api/v1/export", UriKind.Relative), Token));

        Assert.Null(check.Problem);
        Assert.Equal((120, 120, 120), (check.Counts["session"], check.Counts["revision"], check.Counts["event"]));
    }

    [Fact]
    public async Task Cli_ExportAndVerify_KeepOnlyWhatIsWhole()
    {
        var lines = Lines();
        await using var server = await FakeServer.StartAsync();
        var answer = string.Concat(lines);
        server.On("GET /api/v1/export", context => context.Response.WriteAsync(answer, context.RequestAborted));
        var directory = Directory.CreateTempSubdirectory("claudedrive-export-");
        try
        {
            var path = Path.Combine(directory.FullName, "all.ndjson");
            var cli = CliProbe.For(server);

            var saved = await cli.RunAsync("export", "--out", path);
            Assert.True(saved.ExitCode == 0, saved.Everything);
            Assert.Equal(answer, await File.ReadAllTextAsync(path, Token));
            Assert.Contains("is whole: 3 lines", saved.Output, StringComparison.Ordinal);
            Assert.Equal(0, (await cli.RunAsync("export", "verify", path)).ExitCode);
            Assert.Equal(1, (await cli.RunAsync("export", "--out", path)).ExitCode);

            await File.WriteAllTextAsync(path, answer.Replace("\"a\":1", "\"a\":2", StringComparison.Ordinal), Token);
            var changed = await cli.RunAsync("export", "verify", path);
            Assert.Equal(1, changed.ExitCode);
            Assert.Contains("line 2", changed.Output, StringComparison.Ordinal);

            answer = lines[0] + lines[1];
            var cut = Path.Combine(directory.FullName, "cut.ndjson");
            Assert.Equal(1, (await cli.RunAsync("export", "--out", cut)).ExitCode);
            Assert.Equal(["all.ndjson"], directory.GetFiles().Select(static file => file.Name));
            Assert.Equal(2, (await cli.RunAsync("export")).ExitCode);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task FillAsync(ServerUnderTest server)
    {
        await server.ApplyAsync("wevt_1", "sesn_1");
        await server.ApplyAsync("wevt_2", "sesn_1");
        await server.ApplyAsync("wevt_3", "sesn_2");
        await server.ReviewAsync(sessionId: "sesn_3");
        await server.ResourceAsync("agent", "agent_1");
    }

    private static string[] Lines()
    {
        var export = new ExportLine();
        return [Text(export.Write("export", null, null, "{}"u8)), Text(export.Write("session", "session", "sesn_1", """{"a":1}"""u8)), Text(export.Close())];

        static string Text(ReadOnlyMemory<byte> line) => Encoding.UTF8.GetString(line.Span);
    }

    private static string? Text(JsonElement line, string name) => line.GetProperty(name).GetString();

    private static async Task<(List<JsonElement> Lines, ExportCheck Check)> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
            var text = await response.Content.ReadAsStringAsync(Token);
            Assert.EndsWith("\n", text, StringComparison.Ordinal);
            var check = new ExportCheck();
            var lines = new List<JsonElement>();
            foreach (var line in text[..^1].Split('\n'))
            {
                check.Add(Encoding.UTF8.GetBytes(line));
                lines.Add(JsonDocument.Parse(line).RootElement);
            }

            check.End();
            return (lines, check);
        }
    }
}
