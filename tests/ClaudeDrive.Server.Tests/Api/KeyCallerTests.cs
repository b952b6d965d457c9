using System.Net;
using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Server.Tests.Running;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClaudeDrive.Server.Tests.Api;

/// <summary>What a key proves, and how soon it no longer does.</summary>
public sealed class KeyCallerTests
{
    private static readonly Deed Ada = Given.By("ada");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_TeamKey_HasTheTeamsGrantsCappedToItsRole()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.CreateTeamAsync(Ada, "team_1", "Billing", Token);
        await server.Store.AddGrantAsync(Ada, "team_1", "g1", new Grant(CallerRole.Admin, new Scope { WorkspaceId = "w1" }), Token);
        await server.Store.AddGrantAsync(Ada, "team_1", "g2", new Grant(CallerRole.Viewer, new Scope { Tag = new("team", "legal") }), Token);
        var key = await KeyAsync(server, "team_1", CallerRole.Operator);

        var me = await Answers.ReadAsync(await CallAsync(server, key));

        Assert.Equal(("ci", "operator", "api_key", "key_1"), (Text("name"), Text("role"), Text("proof"), Text("key_id")));
        Assert.Equal(["team_1"], me.GetProperty("teams").EnumerateArray().Select(static team => team.GetString()));
        Assert.Equal(
            ["""{"role":"operator","workspace_id":"w1"}""", """{"role":"viewer","metadata":{"key":"team","value":"legal"}}"""],
            me.GetProperty("grants").EnumerateArray().Select(static grant => grant.GetRawText()));

        string? Text(string name) => me.GetProperty(name).GetString();
    }

    [Fact]
    public async Task Call_KeyRevoked_StopsWithinASecond()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var key = await KeyAsync(server);
        await AssertAsync(server, key, HttpStatusCode.OK);

        await server.Store.RevokeKeyAsync(Ada, "key_1", Token);
        server.Time.Advance(TimeSpan.FromSeconds(1));

        await AssertAsync(server, key, HttpStatusCode.Unauthorized);
        Assert.True(KeyCallers.CacheFor <= TimeSpan.FromMilliseconds(500));
    }

    [Fact]
    public async Task Call_KeyRevokedOnAnotherNode_StopsHereWithinASecond()
    {
        await using var here = await ServerUnderTest.StartAsync();
        await using var there = await ServerUnderTest.StartAsync(wrap: _ => here.Store, shared: here.Time);
        var key = await KeyAsync(here);
        await AssertAsync(here, key, HttpStatusCode.OK);

        await TeamTests.SendAsync(there, "DELETE", "keys/key_1");
        here.Time.Advance(TimeSpan.FromSeconds(1));

        await AssertAsync(here, key, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Call_GrantAddedOrTeamDeleted_HoldsWithinASecond()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await server.Store.CreateTeamAsync(Ada, "team_1", "Billing", Token);
        var key = await KeyAsync(server, "team_1", CallerRole.Admin);
        Assert.Equal(0, await GrantsAsync());

        await server.Store.AddGrantAsync(Ada, "team_1", "g1", new Grant(CallerRole.Viewer, Scope.Everything), Token);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await GrantsAsync());

        await server.Store.DeleteTeamAsync(Ada, "team_1", Token);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await AssertAsync(server, key, HttpStatusCode.Unauthorized);

        async Task<int> GrantsAsync() => (await Answers.ReadAsync(await CallAsync(server, key))).GetProperty("grants").GetArrayLength();
    }

    [Fact]
    public async Task Call_KeyExpired_IsRefusedFromThatInstantOn()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var key = await KeyAsync(server, expires: server.Time.GetUtcNow() + TimeSpan.FromMilliseconds(2));
        await AssertAsync(server, key, HttpStatusCode.OK);

        server.Time.Advance(TimeSpan.FromMilliseconds(2));

        await AssertAsync(server, key, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Call_ManyTimes_NotesTheUseOffTheRequestsPath()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var key = await KeyAsync(server);
        await AssertAsync(server, key, HttpStatusCode.OK);
        var used = server.Time.GetUtcNow();
        Assert.Null(Assert.Single(await server.Store.ListKeysAsync(Token)).LastUsedAt);

        await server.App.Services.GetRequiredService<KeyUses>().FlushAsync(Token);

        Assert.Equal(used, Assert.Single(await server.Store.ListKeysAsync(Token)).LastUsedAt);
        Assert.True(KeyUses.Interval >= TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Log_AnyCall_NeverHoldsAKey()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var key = await KeyAsync(server);
        await AssertAsync(server, key, HttpStatusCode.OK);
        await AssertAsync(server, KeyText.Make(), HttpStatusCode.Unauthorized);

        Assert.DoesNotContain(key, server.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("cd_", server.Log.Text, StringComparison.Ordinal);
    }

    private static async Task<string> KeyAsync(
        ServerUnderTest server, string? teamId = null, CallerRole role = CallerRole.Viewer, DateTimeOffset? expires = null)
    {
        var key = KeyText.Make();
        var made = await server.Store.CreateKeyAsync(
            Ada,
            new AccessKey
            {
                KeyId = "key_1",
                Prefix = KeyText.PrefixOf(key),
                Hash = KeyText.Hash(key),
                Name = "ci",
                TeamId = teamId,
                Role = role,
                ExpiresAt = expires,
            },
            Token);
        Assert.NotNull(made.Value);
        return key;
    }

    private static async Task AssertAsync(ServerUnderTest server, string key, HttpStatusCode expected)
    {
        using var response = await CallAsync(server, key);
        Assert.Equal(expected, response.StatusCode);
    }

    private static async Task<HttpResponseMessage> CallAsync(ServerUnderTest server, string key)
    {
        using var client = server.App.GetTestClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        return await client.SendAsync(request, Token);
    }
}
