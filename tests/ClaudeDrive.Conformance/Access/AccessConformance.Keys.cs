using ClaudeDrive.Access;
using ClaudeDrive.Audit;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <content>Keys.</content>
public abstract partial class AccessConformance
{
    [Fact]
    public async Task Key_Created_IsFoundByItsHashAlone()
    {
        await TeamAsync("team_1", "Billing");
        await Store.AddGrantAsync(Ada, "team_1", "grant_1", new Grant(CallerRole.Operator, Whole), Token);
        var expires = Now + TimeSpan.FromDays(30);

        var made = await KeyAsync("key_1", "ci", "team_1", CallerRole.Reviewer, expires);

        Assert.Equal((Now, "ada", null, null), (made.CreatedAt, made.CreatedBy, made.LastUsedAt, made.RevokedAt));
        var found = await Store.FindKeyAsync(HashOf("key_1"), Token);
        Assert.Equal(("key_1", "cd_key_1", "ci", "team_1"), (found!.Key.KeyId, found.Key.Prefix, found.Key.Name, found.Key.TeamId));
        Assert.Equal((CallerRole.Reviewer, expires, "ada"), (found.Key.Role, found.Key.ExpiresAt, found.Key.CreatedBy));
        Assert.Equal(HashOf("key_1"), found.Key.Hash.ToArray());
        Assert.Equal([new Grant(CallerRole.Reviewer, Whole)], found.Key.GrantsOf(found.Team));
        Assert.Null(await Store.FindKeyAsync(HashOf("key_2"), Token));
        var entry = (await Store.ListAuditAsync(new AuditFilter { Action = AuditActions.KeyCreated }, null, 5, Token)).Items.Single();
        Assert.DoesNotContain(Convert.ToHexStringLower(HashOf("key_1")), entry.What.After, StringComparison.Ordinal);
        Assert.Contains("\"role\":\"reviewer\"", entry.What.After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_WithoutTeam_IsOverEverything()
    {
        await KeyAsync("key_1", "ci", null, CallerRole.Operator);

        var found = await Store.FindKeyAsync(HashOf("key_1"), Token);

        Assert.Null(found!.Team);
        Assert.Equal([new Grant(CallerRole.Operator, Scope.Everything)], found.Key.GrantsOf(found.Team));
    }

    [Fact]
    public async Task CreateKey_TeamUnknownOrNameTaken_Refused()
    {
        await KeyAsync("key_1", "ci");

        Assert.Equal(AccessRefusal.Unknown, (await Store.CreateKeyAsync(Ada, Draft("key_2", "other", "team_9"), Token)).Refusal);
        Assert.Equal(AccessRefusal.NameTaken, (await Store.CreateKeyAsync(Ada, Draft("key_2", "ci"), Token)).Refusal);
        Assert.Equal("key_1", Assert.Single(await Store.ListKeysAsync(Token)).KeyId);
        Assert.Equal(1, (await Store.FindAuditHeadAsync(Token)).Seq);
    }

    [Fact]
    public async Task RevokeKey_Once_StaysAsItIsAndFreesTheName()
    {
        await KeyAsync("key_1", "ci");
        Time.Advance(Tick);
        var revokedAt = Now;
        Assert.Equal(revokedAt, (await Store.RevokeKeyAsync(Ada, "key_1", Token))!.RevokedAt);
        Time.Advance(Tick);

        Assert.Equal(revokedAt, (await Store.RevokeKeyAsync(Ada, "key_1", Token))!.RevokedAt);
        Assert.Null(await Store.RevokeKeyAsync(Ada, "key_9", Token));
        Assert.Equal(revokedAt, (await Store.FindKeyAsync(HashOf("key_1"), Token))!.Key.RevokedAt);
        await KeyAsync("key_2", "ci");
        Assert.Equal(["key_2", "key_1"], (await Store.ListKeysAsync(Token)).Select(static key => key.KeyId));
        Assert.Equal(
            [AuditActions.KeyCreated, AuditActions.KeyRevoked, AuditActions.KeyCreated],
            (await Store.ReadAuditAsync(0, 10, Token)).Select(static entry => entry.What.Action));
    }

    [Fact]
    public async Task NoteKeysUsed_AnyOrder_NeverMovesBack()
    {
        await KeyAsync("key_1", "one");
        await KeyAsync("key_2", "two");
        await NoteAsync(("key_1", Now), ("key_9", Now));
        await NoteAsync(("key_1", Now - Tick), ("key_2", Now + Tick));
        await NoteAsync();

        var used = (await Store.ListKeysAsync(Token)).ToDictionary(static key => key.KeyId, static key => key.LastUsedAt);

        Assert.Equal((Now, Now + Tick), (used["key_1"], used["key_2"]));
        Assert.Equal(2, (await Store.FindAuditHeadAsync(Token)).Seq);
    }

    [Fact]
    public async Task Keys_Expiry_IsExclusive()
    {
        var key = await KeyAsync("key_1", "ci", null, CallerRole.Viewer, Now + Tick);

        Assert.True(key.IsValidAt(Now));
        Assert.False(key.IsValidAt(Now + Tick));
        Assert.False((await Store.RevokeKeyAsync(Ada, "key_1", Token))!.IsValidAt(Now));
    }

    private static byte[] HashOf(string keyId) => KeyText.Hash($"cd_{keyId}_secret");

    private static AccessKey Draft(string keyId, string name, string? teamId = null, CallerRole role = CallerRole.Viewer, DateTimeOffset? expires = null) => new()
    {
        KeyId = keyId,
        Prefix = $"cd_{keyId}",
        Hash = HashOf(keyId),
        Name = name,
        TeamId = teamId,
        Role = role,
        ExpiresAt = expires,
    };

    private async Task<AccessKey> KeyAsync(
        string keyId, string name, string? teamId = null, CallerRole role = CallerRole.Viewer, DateTimeOffset? expires = null)
    {
        var made = await Store.CreateKeyAsync(Ada, Draft(keyId, name, teamId, role, expires), Token);
        Assert.Null(made.Refusal);
        return made.Value!;
    }

    private async Task NoteAsync(params (string KeyId, DateTimeOffset At)[] uses) =>
        await Store.NoteKeysUsedAsync(uses.ToDictionary(static use => use.KeyId, static use => use.At), Token);
}
