using ClaudeDrive.Access;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <summary>
/// The filter of a store is the rule of <see cref="Sight.Matches"/>, in every read: random worlds of sessions, threads, other resources, events,
/// deliveries and reviews, which move while random sights look at them. A failure is shrunk and names its seed.
/// </summary>
public abstract class SightConformance : StoreConformance
{
    /// <summary>Sights that look at one world: each is a case.</summary>
    private const int SightsPerWorld = 100;

    /// <summary>Sights that look before the world moves on.</summary>
    private const int SightsPerState = 10;

    private static readonly Gen<string?> Part = Gen.OneOf("", "", "1", "2").Select(static text => text.Length == 0 ? null : text);

    private static readonly Gen<Scope> Scopes = Gen.Select(Part, Part, Part, Gen.Int[0, 9], static (organization, workspace, agent, tag) => new Scope
    {
        OrganizationId = organization,
        WorkspaceId = workspace,
        AgentId = agent,
        Tag = tag switch
        {
            0 => new MetadataTag("team", "x"),
            1 => new MetadataTag("team", "y"),
            2 => new MetadataTag("tier", "x"),
            _ => null,
        },
    });

    private static readonly Gen<Sight> Sights = Scopes.Array[0, 4].Select(static scopes => Sight.Of(scopes));

    private static readonly Gen<(SightMove[] Build, SightMove[] Moves, Sight[] Sights)> Worlds = Gen.Select(
        SightMove.Any.Array[10, 50], SightMove.Any.Array[SightsPerWorld], Sights.Array[SightsPerWorld], static (build, moves, sights) => (build, moves, sights));

    /// <summary>Worlds to look at: fewer for a store that is slow to make.</summary>
    protected abstract int Runs { get; }

    [Fact]
    public async Task Read_AnySightAnyWorld_ShowsWhatTheRuleSays()
    {
        var cases = 0;
        await Worlds.SampleAsync(
            async world => cases += await RunAsync(world.Build, world.Moves, world.Sights),
            writeLine: WriteLine, iter: Runs, threads: 1, print: Print);

        WriteLine($"{cases} cases");
        Assert.True(cases >= Runs * SightsPerWorld, $"Only {cases} cases ran.");
    }

    [Fact]
    public async Task Read_ManyScopes_ShowsWhatTheRuleSays()
    {
        var world = new SightWorld(Store, Time, Token);
        for (var i = 0; i < 40; i++)
        {
            await world.RunAsync(new SightMove(SightMoveKind.LookAtSession, i, i % 4, i % 3, i % 3, i % 5));
        }

        var many = Sight.Of(Enumerable.Range(0, 60).Select(static i => new Scope { WorkspaceId = i == 30 ? "1" : $"other_{i}" }));

        Assert.Equal(60, many.Scopes.Count);
        await world.CheckAsync(many);
    }

    private async Task<int> RunAsync(SightMove[] build, SightMove[] moves, Sight[] sights)
    {
        var time = new FakeTimeProvider(Given.Start);
        await using var store = await CreateAsync(time, Window);
        await store.OpenAsync(Token);
        var world = new SightWorld(store, time, Token);
        foreach (var move in build)
        {
            await world.RunAsync(move);
        }

        for (var i = 0; i < sights.Length; i++)
        {
            await world.CheckAsync(sights[i]);
            if (i % SightsPerState == SightsPerState - 1)
            {
                await world.RunAsync(moves[i]);
            }
        }

        await world.CheckChangeAsync(sights[0]);
        return sights.Length;
    }

    private static void WriteLine(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private static string Print((SightMove[] Build, SightMove[] Moves, Sight[] Sights) world) =>
        $"{string.Join(", ", world.Build)} | {string.Join(", ", world.Moves)} | {string.Join(" ; ", world.Sights.Select(static sight => string.Join(" or ", sight.Scopes)))}";
}
