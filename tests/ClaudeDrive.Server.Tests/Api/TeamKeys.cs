using ClaudeDrive.Access;
using ClaudeDrive.Conformance;
using ClaudeDrive.Server.Tests.Running;
using Microsoft.AspNetCore.TestHost;
using Xunit;

namespace ClaudeDrive.Server.Tests.Api;

/// <summary>Callers with the grants of a team.</summary>
internal static class TeamKeys
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A key of a new team with one grant.</summary>
    public static async Task<string> KeyForAsync(this ServerUnderTest server, Scope scope, string teamId = "team_1", CallerRole role = CallerRole.Viewer)
    {
        var ada = Given.By("ada");
        await server.Store.CreateTeamAsync(ada, teamId, teamId, Token);
        await server.Store.AddGrantAsync(ada, teamId, $"grant_{teamId}", new Grant(role, scope), Token);
        var key = KeyText.Make();
        var made = await server.Store.CreateKeyAsync(
            ada,
            new AccessKey { KeyId = $"key_{teamId}", Prefix = KeyText.PrefixOf(key), Hash = KeyText.Hash(key), Name = $"ci {teamId}", TeamId = teamId, Role = role },
            Token);
        Assert.NotNull(made.Value);
        return key;
    }

    /// <summary>GET with that key.</summary>
    public static async Task<HttpResponseMessage> GetAsAsync(this ServerUnderTest server, string key, string path)
    {
        using var client = server.App.GetTestClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", key);
        return await client.SendAsync(request, Token);
    }
}
