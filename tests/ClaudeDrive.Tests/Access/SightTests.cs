using ClaudeDrive.Access;
using CsCheck;
using Xunit;

namespace ClaudeDrive.Tests.Access;

public sealed class SightTests
{
    private static readonly Scope Workspace = new() { WorkspaceId = "w1" };
    private static readonly Placement Place = new("o1", "w1", "a1", [new("team", "billing"), new("tier", "gold")]);

    private static readonly Gen<string?> Name = Gen.OneOf("", "1", "2").Select(static text => text.Length == 0 ? null : text);

    private static readonly Gen<Scope> Scopes = Gen.Select(Name, Name, Name, Name, static (o, w, a, t) =>
        new Scope { OrganizationId = o, WorkspaceId = w, AgentId = a, Tag = t is null ? null : new MetadataTag("k", t) });

    private static readonly Gen<Placement> Places = Gen.Select(Name, Name, Name, Name, static (o, w, a, t) =>
        new Placement(o, w, a, t is null ? [] : [new MetadataTag("k", t)]));

    [Fact]
    public void Matches_EveryNamedPartMustMatch()
    {
        Assert.True(Scope.Everything.Matches(Place));
        Assert.True(Workspace.Matches(Place));
        Assert.True(new Scope { OrganizationId = "o1", WorkspaceId = "w1", AgentId = "a1", Tag = new("tier", "gold") }.Matches(Place));
        Assert.False((Workspace with { OrganizationId = "o2" }).Matches(Place));
        Assert.False((Workspace with { AgentId = "a2" }).Matches(Place));
        Assert.False((Workspace with { Tag = new("tier", "billing") }).Matches(Place));
        Assert.False(new Scope { WorkspaceId = "W1" }.Matches(Place));
    }

    [Fact]
    public void Matches_OfTheOrganizationAlone_OnlyScopesOfTheOrganization()
    {
        var place = Placement.Bare("o1", null);

        Assert.True(new Scope { OrganizationId = "o1" }.Matches(place));
        Assert.False(new Scope { OrganizationId = "o1", WorkspaceId = "w1" }.Matches(place));
        Assert.False(new Scope { OrganizationId = "o1", AgentId = "a1" }.Matches(place));
        Assert.False(new Scope { OrganizationId = "o1", Tag = new("team", "billing") }.Matches(place));
    }

    [Fact]
    public void Of_NoScopeOrTheWidest_IsNothingOrEverything()
    {
        Assert.Same(Sight.Nothing, Sight.Of([]));
        Assert.Same(Sight.Everything, Sight.Of([Workspace, new Scope()]));
        Assert.False(Sight.Nothing.Matches(Place));
        Assert.True(Sight.Everything.Matches(Placement.Bare(null, null)));
        Assert.False(Sight.Of([Workspace]).IsEverything);
    }

    [Fact]
    public void Of_CoveredScopes_AreLeftOut()
    {
        var sight = Sight.Of([Workspace with { AgentId = "a1" }, Workspace, Workspace, new Scope { WorkspaceId = "w2" }, Workspace with { Tag = new("a", "b") }]);

        Assert.Equal([Workspace, new Scope { WorkspaceId = "w2" }], sight.Scopes);
    }

    [Fact]
    public void Of_AnyScopes_SeeWhatAnyOfThemCovers() =>
        Gen.Select(Scopes.Array[0, 5], Places).Sample((scopes, place) => Sight.Of(scopes).Matches(place) == scopes.Any(scope => scope.Matches(place)));

    [Fact]
    public void Covers_AnyScopes_OnlyWhenWhateverMatchesTheOtherMatchesIt() =>
        Gen.Select(Scopes, Scopes, Places).Sample((one, two, place) => !one.Covers(two) || !two.Matches(place) || one.Matches(place));

    [Fact]
    public void IsApartFrom_AnyScopes_OnlyWhenNothingMatchesBoth() =>
        Gen.Select(Scopes, Scopes, Places).Sample((one, two, place) => !one.IsApartFrom(two) || !one.Matches(place) || !two.Matches(place));
}
