using ClaudeDrive.Access;
using ClaudeDrive.Audit;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <summary>What every store promises of teams, their members and grants; the other part is about keys.</summary>
public abstract partial class AccessConformance : StoreConformance
{
    private static readonly Scope Whole = new() { OrganizationId = "org_1", WorkspaceId = "w_1", AgentId = "a_1", Tag = new MetadataTag("team", "billing") };

    private static Deed Ada => Given.By("ada");

    [Fact]
    public async Task Team_Created_IsThereAndAudited()
    {
        var made = await TeamAsync("team_1", "Billing");

        Assert.Equal((Now, "Billing"), (made.CreatedAt, made.Name));
        AssertSame([made], await Store.ListTeamsAsync(Token));
        AssertSame(made, await Store.FindTeamAsync("team_1", Token));
        Assert.Null(await Store.FindTeamAsync("team_2", Token));
        await AssertAuditAsync((AuditActions.TeamCreated, "team/team_1", null, """{"name":"Billing"}"""));
    }

    [Fact]
    public async Task Teams_Several_AreListedOldestFirst()
    {
        await TeamAsync("team_b", "One");
        await TeamAsync("team_a", "Two");
        Time.Advance(Tick);
        await TeamAsync("team_0", "Three");

        Assert.Equal(["team_a", "team_b", "team_0"], (await Store.ListTeamsAsync(Token)).Select(team => team.TeamId));
    }

    [Fact]
    public async Task CreateTeam_NameTaken_RefusedAndNotAudited()
    {
        await TeamAsync("team_1", "Billing");

        Assert.Equal(AccessRefusal.NameTaken, (await Store.CreateTeamAsync(Ada, "team_2", "Billing", Token)).Refusal);
        Assert.Null(await Store.FindTeamAsync("team_2", Token));
        Assert.Equal(1, (await Store.FindAuditHeadAsync(Token)).Seq);
        Assert.NotNull((await Store.CreateTeamAsync(Ada, "team_2", "billing", Token)).Value);
    }

    [Fact]
    public async Task CreateTeam_SameNameInParallel_OneIsMade()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Store.CreateTeamAsync(Ada, $"team_{i}", "Billing", Token).AsTask()));

        Assert.Single(results, static result => result.Value is not null);
        Assert.Single(await Store.ListTeamsAsync(Token));
        Assert.Equal(1, (await Store.FindAuditHeadAsync(Token)).Seq);
    }

    [Fact]
    public async Task DeleteTeam_WithAllItHas_GoesAndItsKeysAreRevoked()
    {
        await TeamAsync("team_1", "Billing");
        await TeamAsync("team_2", "Legal");
        await Store.AddMemberAsync(Ada, "team_1", "bob", Token);
        await Store.AddGrantAsync(Ada, "team_1", "grant_1", new Grant(CallerRole.Viewer, Whole), Token);
        await KeyAsync("key_1", "one", "team_1");
        await KeyAsync("key_2", "two", "team_2");
        Time.Advance(Tick);

        Assert.True(await Store.DeleteTeamAsync(Ada, "team_1", Token));
        Assert.False(await Store.DeleteTeamAsync(Ada, "team_1", Token));

        Assert.Equal("team_2", Assert.Single(await Store.ListTeamsAsync(Token)).TeamId);
        Assert.Empty(await Store.ListTeamsOfAsync("bob", Token));
        var keys = (await Store.ListKeysAsync(Token)).ToDictionary(static key => key.KeyId);
        Assert.Equal((Now, null), (keys["key_1"].RevokedAt, keys["key_2"].RevokedAt));
        var holder = await Store.FindKeyAsync(HashOf("key_1"), Token);
        Assert.Null(holder!.Team);
        Assert.Empty(holder.Key.GrantsOf(holder.Team));
        var audit = await Store.ReadAuditAsync(6, 10, Token);
        Assert.Equal([AuditActions.TeamDeleted, AuditActions.KeyRevoked], audit.Select(static entry => entry.What.Action));
        Assert.Equal("""{"name":"Billing","members":"1","grants":"1"}""", audit[0].What.Before);
    }

    [Fact]
    public async Task Members_AddedTwiceAndRemoved_AreThereOnceAndThenNot()
    {
        await TeamAsync("team_1", "Billing");
        await TeamAsync("team_2", "Legal");
        Time.Advance(Tick);
        foreach (var subject in (string[])["zoe", "bob", "bob"])
        {
            Assert.Null((await Store.AddMemberAsync(Ada, "team_1", subject, Token)).Refusal);
        }

        await Store.AddMemberAsync(Ada, "team_2", "bob", Token);

        Assert.Equal([new("zoe", Now), new TeamMember("bob", Now)], (await Store.FindTeamAsync("team_1", Token))!.Members);
        Assert.Equal(["team_1", "team_2"], (await Store.ListTeamsOfAsync("bob", Token)).Select(static team => team.TeamId));
        Assert.Empty(await Store.ListTeamsOfAsync("BOB", Token));
        Assert.True(await Store.RemoveMemberAsync(Ada, "team_1", "bob", Token));
        Assert.False(await Store.RemoveMemberAsync(Ada, "team_1", "bob", Token));
        Assert.Equal(["team_2"], (await Store.ListTeamsOfAsync("bob", Token)).Select(static team => team.TeamId));
        Assert.Equal(AccessRefusal.Unknown, (await Store.AddMemberAsync(Ada, "team_9", "bob", Token)).Refusal);
        await AssertAuditAsync(
            (AuditActions.MemberRemoved, "team/team_1", """{"subject":"bob"}""", null),
            (AuditActions.MemberAdded, "team/team_2", null, """{"subject":"bob"}"""),
            (AuditActions.MemberAdded, "team/team_1", null, """{"subject":"bob"}"""),
            (AuditActions.MemberAdded, "team/team_1", null, """{"subject":"zoe"}"""));
    }

    [Fact]
    public async Task Grants_EveryPart_ComesBackAsGiven()
    {
        await TeamAsync("team_1", "Billing");
        Grant[] grants =
        [
            new(CallerRole.Viewer, Scope.Everything), new(CallerRole.Admin, Whole), new(CallerRole.Operator, new Scope { AgentId = "a_1" }),
            new(CallerRole.Reviewer, new Scope { Tag = new MetadataTag("", "") }),
            .. Given.StrangeIds.Select(static id => new Grant(CallerRole.Viewer, new Scope { WorkspaceId = id, Tag = new MetadataTag(id, id) })),
        ];
        for (var i = 0; i < grants.Length; i++)
        {
            var added = await Store.AddGrantAsync(Ada, "team_1", $"grant_{i}", grants[i], Token);
            Assert.Equal(new TeamGrant($"grant_{i}", grants[i], Now), added.Value);
        }

        Assert.Equal(grants, (await Store.FindTeamAsync("team_1", Token))!.Grants.Select(static granted => granted.Grant));
    }

    [Fact]
    public async Task Grant_AddedAgain_IsTheOneThatIsThere()
    {
        await TeamAsync("team_1", "Billing");
        var first = await Store.AddGrantAsync(Ada, "team_1", "grant_1", new Grant(CallerRole.Viewer, Whole), Token);
        Time.Advance(Tick);

        var again = await Store.AddGrantAsync(Ada, "team_1", "grant_2", new Grant(CallerRole.Viewer, Whole), Token);

        Assert.Equal(first.Value, again.Value);
        Assert.Equal(AccessRefusal.Unknown, (await Store.AddGrantAsync(Ada, "team_9", "grant_3", new Grant(CallerRole.Viewer, Whole), Token)).Refusal);
        Assert.True(await Store.RemoveGrantAsync(Ada, "team_1", "grant_1", Token));
        Assert.False(await Store.RemoveGrantAsync(Ada, "team_1", "grant_1", Token));
        Assert.Empty((await Store.FindTeamAsync("team_1", Token))!.Grants);
        const string Text = """{"grant_id":"grant_1","role":"viewer","organization_id":"org_1","workspace_id":"w_1","agent_id":"a_1","metadata_key":"team","metadata_value":"billing"}""";
        await AssertAuditAsync(
            (AuditActions.GrantRemoved, "team/team_1", Text, null), (AuditActions.GrantAdded, "team/team_1", null, Text));
    }

    [Fact]
    public async Task Grants_MoreThanAllowed_Refused()
    {
        await TeamAsync("team_1", "Billing");
        for (var i = 0; i < AccessLimits.Grants; i++)
        {
            Assert.NotNull((await Store.AddGrantAsync(Ada, "team_1", $"g{i}", new Grant(CallerRole.Viewer, new Scope { AgentId = $"a{i}" }), Token)).Value);
        }

        var one = await Store.AddGrantAsync(Ada, "team_1", "more", new Grant(CallerRole.Viewer, new Scope { AgentId = "more" }), Token);

        Assert.Equal(AccessRefusal.TooMany, one.Refusal);
        Assert.Equal(AccessLimits.Grants, (await Store.FindTeamAsync("team_1", Token))!.Grants.Count);
    }

    private async Task<Team> TeamAsync(string teamId, string name)
    {
        var made = await Store.CreateTeamAsync(Ada, teamId, name, Token);
        Assert.Null(made.Refusal);
        return made.Value!;
    }

    private static void AssertSame(IReadOnlyList<Team> expected, IReadOnlyList<Team> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach (var (one, two) in expected.Zip(actual))
        {
            AssertSame(one, two);
        }
    }

    private static void AssertSame(Team expected, Team? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal((expected.TeamId, expected.Name, expected.CreatedAt), (actual.TeamId, actual.Name, actual.CreatedAt));
        Assert.Equal(expected.Members, actual.Members);
        Assert.Equal(expected.Grants, actual.Grants);
    }

    /// <summary>The newest rows of the audit log, newest first.</summary>
    private async Task AssertAuditAsync(params (string Action, string Resource, string? Before, string? After)[] expected)
    {
        var page = await Store.ListAuditAsync(new AuditFilter(), null, expected.Length, Token);
        Assert.Equal(expected, page.Items.Select(static entry => (entry.What.Action, entry.What.Resource, entry.What.Before, entry.What.After)));
        Assert.All(page.Items, static entry => Assert.Equal(("ada", "node_test", "203.0.113.9"), (entry.What.Actor, entry.What.Node, entry.What.RemoteIp)));
    }
}
