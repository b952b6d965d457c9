using ClaudeDrive.Access;
using Xunit;

namespace ClaudeDrive.Tests.Access;

public sealed class CallerTests
{
    private static readonly Scope One = new() { WorkspaceId = "w1" };
    private static readonly Scope Two = new() { WorkspaceId = "w2" };

    [Fact]
    public void SightOf_SeveralGrants_CountsThoseOfTheRoleOrAbove()
    {
        var caller = Of(new Grant(CallerRole.Viewer, One), new Grant(CallerRole.Operator, Two));

        Assert.Equal([One, Two], caller.SightOf(CallerRole.Viewer).Scopes);
        Assert.Equal([Two], caller.SightOf(CallerRole.Reviewer).Scopes);
        Assert.Equal([Two], caller.SightOf(CallerRole.Operator).Scopes);
        Assert.Same(Sight.Nothing, caller.SightOf(CallerRole.Admin));
        Assert.Equal(CallerRole.Operator, caller.HighestRole);
    }

    [Fact]
    public void HighestRole_NothingGranted_IsNull() => Assert.Null(Of().HighestRole);

    [Theory]
    [InlineData((int)CallerRole.Reviewer, "w1", true)]
    [InlineData((int)CallerRole.Operator, "w1", false)]
    [InlineData((int)CallerRole.Viewer, "w2", false)]
    [InlineData((int)CallerRole.Viewer, null, false)]
    public void MayGive_RoleAndScope_NeverBeyondOwn(int role, string? workspace, bool may) =>
        Assert.Equal(may, Of(new Grant(CallerRole.Reviewer, One)).MayGive(new Grant((CallerRole)role, new Scope { WorkspaceId = workspace })));

    [Fact]
    public void MayGive_Administrator_Anything() =>
        Assert.True(Caller.Administrator.MayGive(new Grant(CallerRole.Admin, Scope.Everything)));

    [Theory]
    [InlineData((int)CallerRole.Viewer, (int)CallerRole.Viewer)]
    [InlineData((int)CallerRole.Operator, (int)CallerRole.Operator)]
    [InlineData((int)CallerRole.Admin, (int)CallerRole.Operator)]
    public void CapTo_Role_IsNeverAbove(int cap, int expected) =>
        Assert.Equal(new Grant((CallerRole)expected, One), new Grant(CallerRole.Operator, One).CapTo((CallerRole)cap));

    private static Caller Of(params Grant[] grants) => new() { Name = "a", Proof = "test", Grants = grants };
}
