using ClaudeDrive.Server.Tests.Running;
using ClaudeDrive.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Server.Tests.Cli;

/// <summary>Keys, teams, audit and access from the terminal, against the real server.</summary>
public sealed class AccessVerbTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("claudedrive-access-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Team_MadeFilledAndUsed_IsOneStory()
    {
        await using var server = await ServerUnderTest.StartAsync(onPort: true);
        var team = (await RunAsync(server, "teams", "create", "Billing", "--reason", "new")).Output.Trim();
        var grant = (await RunAsync(server, "teams", "grants", "add", team, "--role", "reviewer", "--workspace", "w1", "--metadata", "team=billing=x")).Output.Trim();
        await RunAsync(server, "teams", "members", "add", team, "ada");
        var key = (await RunAsync(server, "keys", "create", "ci", "--team", team, "--role", "viewer")).Output.Trim();

        Assert.Contains("billing=x", (await RunAsync(server, "teams", "show", team)).Output, StringComparison.Ordinal);
        Assert.Contains(team, (await RunAsync(server, "teams", "list")).Output, StringComparison.Ordinal);
        Assert.StartsWith("cd_", key, StringComparison.Ordinal);
        Assert.DoesNotContain(key, (await RunAsync(server, "keys", "list", "--json")).Output, StringComparison.Ordinal);
        Assert.Contains("team.grant.add", (await RunAsync(server, "audit", "list", "--actor", "admin")).Output, StringComparison.Ordinal);
        await RunAsync(server, "teams", "grants", "remove", team, grant);
        await RunAsync(server, "teams", "members", "remove", team, "ada");
        await RunAsync(server, "teams", "delete", team);
        Assert.Contains("1 of 1 keys", (await RunAsync(server, "keys", "list")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_ExportedAndVerified_FindsAndNamesEveryChange()
    {
        await using var server = await ServerUnderTest.StartAsync(onPort: true);
        for (var i = 0; i < 5; i++)
        {
            await RunAsync(server, "teams", "create", $"Team {i}");
        }

        var file = Path.Combine(_directory.FullName, "audit.ndjson");
        await RunAsync(server, "audit", "export", file);
        var lines = await File.ReadAllLinesAsync(file, Token);

        var intact = await VerifyAsync(file);
        Assert.Equal(0, intact.ExitCode);
        Assert.StartsWith("intact: 6 rows, end 6:", intact.Output, StringComparison.Ordinal);
        Assert.StartsWith("intact: 7 rows", (await RunAsync(server, "audit", "verify")).Output, StringComparison.Ordinal);
        await AssertBrokenAsync("row 3 was edited", lines.Select((line, i) => i == 2 ? line.Replace("Team 2", "Team 9", StringComparison.Ordinal) : line));
        await AssertBrokenAsync("row 3 was removed", lines.Where((_, i) => i != 2));
        await AssertBrokenAsync("row 6 was removed", lines.Where((_, i) => i != 5));
        await AssertBrokenAsync("row 7 was removed", lines.Take(6));
        await AssertBrokenAsync("row 1 was removed", lines.Skip(3));
        var end = intact.Output.Trim()["intact: 6 rows, end ".Length..];
        Assert.Equal(0, (await RunAsync(server, "audit", "verify", "--end", end)).ExitCode);
        Assert.Contains("row 6 was edited", (await new CliProbe().RunAsync("audit", "verify", file, "--end", $"6:{new string('0', 64)}")).Output, StringComparison.Ordinal);

        async Task AssertBrokenAsync(string expected, IEnumerable<string> changed)
        {
            var broken = Path.Combine(_directory.FullName, "broken.ndjson");
            await File.WriteAllLinesAsync(broken, changed, Token);
            var result = await VerifyAsync(broken);
            Assert.Equal(1, result.ExitCode);
            Assert.Contains(expected, result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Audit_VerifyDataDirectory_NeedsNoServer()
    {
        var data = Path.Combine(_directory.FullName, "data");
        await using (var store = new SqliteDriveStore(new SqliteStoreOptions { DataDirectory = data }, new FakeTimeProvider(CliProbe.Now), Inbox.Coalescing.Default))
        {
            await store.OpenAsync(Token);
            await store.CreateTeamAsync(Conformance.Given.By("ada"), "team_1", "Billing", Token);
            await store.CreateTeamAsync(Conformance.Given.By("ada"), "team_2", "Legal", Token);
        }

        Assert.StartsWith("intact: 2 rows", (await new CliProbe().RunAsync("audit", "verify", "--data", data)).Output, StringComparison.Ordinal);
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(data, "claudedrive.db")};Pooling=False"))
        {
            await connection.OpenAsync(Token);
            using var edit = connection.CreateCommand();
            edit.CommandText = "UPDATE audit SET actor = 'bob' WHERE seq = 2";
            await edit.ExecuteNonQueryAsync(Token);
        }

        var broken = await new CliProbe().RunAsync("audit", "verify", "--data", data);
        Assert.Equal(1, broken.ExitCode);
        Assert.Contains("row 2 was edited", broken.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await new CliProbe().RunAsync("audit", "verify", "--data", Path.Combine(_directory.FullName, "none"))).ExitCode);
    }

    [Theory]
    [InlineData("reviewer", 0, "1 expectations, 0 wrong")]
    [InlineData("any", 0, "1 expectations, 0 wrong")]
    [InlineData("none", 1, "billing on refund: expected none, is reviewer")]
    [InlineData("admin", 1, "expected admin, is reviewer")]
    [InlineData("boss", 2, "is none of")]
    public async Task Test_Fixture_HoldsGrantsAgainstExpectations(string expected, int exitCode, string says)
    {
        var file = Path.Combine(_directory.FullName, "policy.json");
        await File.WriteAllTextAsync(
            file,
            $$"""
            {
              "teams": { "billing": [ { "role": "viewer" }, { "role": "reviewer", "metadata": { "key": "team", "value": "billing" } } ] },
              "resources": { "refund": { "workspace_id": "w1", "metadata": { "team": "billing" } } },
              "expect": [ { "team": "billing", "resource": "refund", "role": "{{expected}}" } ]
            }
            """,
            Token);

        var result = await new CliProbe().RunAsync("access", "test", file);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(says, result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_FileWithoutTeams_TestsTheServersTeams()
    {
        await using var server = await ServerUnderTest.StartAsync(onPort: true);
        var team = (await RunAsync(server, "teams", "create", "Billing")).Output.Trim();
        await RunAsync(server, "teams", "grants", "add", team, "--role", "viewer", "--workspace", "w1");
        var file = Path.Combine(_directory.FullName, "policy.json");
        await File.WriteAllTextAsync(
            file,
            """{"resources":{"in":{"workspace_id":"w1"},"out":{}},"expect":[{"team":"Billing","resource":"in","role":"viewer"},{"team":"Billing","resource":"out","role":"none"}]}""",
            Token);

        Assert.Contains("2 expectations, 0 wrong", (await RunAsync(server, "access", "test", file)).Output, StringComparison.Ordinal);
    }

    private static Task<CliResult> VerifyAsync(string file) => new CliProbe().RunAsync("audit", "verify", file);

    private static async Task<CliResult> RunAsync(ServerUnderTest server, params string[] args)
    {
        var probe = new CliProbe
        {
            Variables = { ["CLAUDEDRIVE_URL"] = server.Address.ToString(), ["CLAUDEDRIVE_API_KEY"] = ServerUnderTest.AdminKey },
            Width = 400,
        };
        var result = await probe.RunAsync(args);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', args)}: {result.Output} {result.Error}");
        return result;
    }
}
