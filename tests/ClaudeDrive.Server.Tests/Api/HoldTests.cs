using System.Net;
using ClaudeDrive.Access;
using ClaudeDrive.Audit;
using ClaudeDrive.Conformance;
using ClaudeDrive.Server.Tests.Running;
using Microsoft.AspNetCore.TestHost;
using Xunit;

namespace ClaudeDrive.Server.Tests.Api;

/// <summary>Legal holds through the API.</summary>
public sealed class HoldTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Holds_SetListedLifted_AreAudited()
    {
        await using var server = await ServerUnderTest.StartAsync();

        var made = await Answers.ReadAsync(await server.PostAsync("/api/v1/holds", """{"session_id":"sesn_1","reason":"case 7"}"""));
        var id = made.GetProperty("hold_id").GetString()!;
        Assert.Equal(("session", "sesn_1", "case 7", "admin"), (made.GetProperty("scope").GetString(), made.GetProperty("session_id").GetString(), made.GetProperty("reason").GetString(), made.GetProperty("set_by").GetString()));
        await server.PostAsync("/api/v1/holds", """{"everything":true,"reason":"audit"}""");
        var list = await server.GetAsync("/api/v1/holds");
        Assert.Equal(2, list.GetProperty("total").GetInt32());
        Assert.Equal(id, list.GetProperty("data")[0].GetProperty("hold_id").GetString());

        using var lifted = await DeleteAsync(server, $"/api/v1/holds/{id}?reason=closed");
        Assert.Equal("lifted", (await Answers.ReadAsync(lifted)).GetProperty("state").GetString());
        await Answers.ProblemAsync(await DeleteAsync(server, $"/api/v1/holds/{id}?reason=closed"), 404, "not_found");
        Assert.Equal(1, (await server.GetAsync("/api/v1/holds")).GetProperty("total").GetInt32());
        var audit = await server.Store.ReadAuditAsync(0, 10, Token);
        Assert.Equal([AuditActions.HoldSet, AuditActions.HoldSet, AuditActions.HoldLifted], audit.Select(static entry => entry.What.Action));
        Assert.Equal(("admin", "closed", $"hold/{id}"), (audit[2].What.Actor, audit[2].What.Reason, audit[2].What.Resource));
    }

    [Theory]
    [InlineData("""{"session_id":"sesn_1"}""", "reason")]
    [InlineData("""{"session_id":"sesn_1","reason":" "}""", "reason")]
    [InlineData("""{"session_id":"sesn_1","reason":"a\nb"}""", "reason")]
    [InlineData("""{"reason":"why"}""", "session_id")]
    [InlineData("""{"everything":false,"reason":"why"}""", "session_id")]
    [InlineData("""{"session_id":"","reason":"why"}""", "session_id")]
    [InlineData("""{"session_id":"s","workspace_id":"w","reason":"why"}""", "session_id")]
    [InlineData("""{"workspace_id":"w","everything":true,"reason":"why"}""", "session_id")]
    public async Task Set_Wrong_SaysWhatAndSetsNothing(string body, string parameter)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var response = await server.PostAsync("/api/v1/holds", body);
        var problem = await Answers.ProblemAsync(response, 400, "parameter_invalid");
        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
        Assert.Empty(await server.Store.ListHoldsAsync(Token));
    }

    [Fact]
    public async Task Lift_NoReason_IsRefused()
    {
        await using var server = await ServerUnderTest.StartAsync();
        await Answers.ProblemAsync(await DeleteAsync(server, "/api/v1/holds/hold_1"), 400, "parameter_invalid");
        await Answers.ProblemAsync(await DeleteAsync(server, "/api/v1/holds/hold_1?reason="), 400, "parameter_invalid");
    }

    [Fact]
    public async Task Holds_AdminOfAWorkspaceOnly_IsForbidden()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var ada = Given.By("ada");
        await server.Store.CreateTeamAsync(ada, "team_1", "Billing", Token);
        await server.Store.AddGrantAsync(ada, "team_1", "g1", new Grant(CallerRole.Admin, new Scope { WorkspaceId = "w1" }), Token);
        var key = KeyText.Make();
        await server.Store.CreateKeyAsync(
            ada,
            new AccessKey { KeyId = "key_1", Prefix = KeyText.PrefixOf(key), Hash = KeyText.Hash(key), Name = "ci", TeamId = "team_1", Role = CallerRole.Admin },
            Token);
        using var client = server.App.GetTestClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/holds");
        request.Headers.Authorization = new("Bearer", key);
        using var response = await client.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    private static async Task<HttpResponseMessage> DeleteAsync(ServerUnderTest server, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, path);
        return await server.SendAsync(request);
    }
}
