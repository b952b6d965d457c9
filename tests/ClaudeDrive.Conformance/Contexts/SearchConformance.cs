using System.Globalization;
using System.Text;
using System.Text.Json;
using ClaudeDrive.Access;
using ClaudeDrive.Contexts;
using ClaudeDrive.Contexts.Search;
using ClaudeDrive.Custody;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using Xunit;

namespace ClaudeDrive.Conformance;

/// <summary>Full-text search: what is found, by whom, in which order; compared with a plain oracle on random worlds.</summary>
public abstract class SearchConformance : StoreConformance
{
    private static readonly ResourceKey Session = ResourceKey.Session("sesn_1");

    [Theory]
    [InlineData("refund")]
    [InlineData("REFUND order")]
    [InlineData("ref*")]
    [InlineData("acme")]
    [InlineData("sesn_1")]
    [InlineData("billing")]
    public async Task Search_Context_IsFoundByTitleMetadataAndId(string query)
    {
        await StoreAsync("Refund order 7", """{"customer":"ACME","team":"billing"}""");
        Assert.Equal([("sesn_1", null)], await FindAsync(query));
    }

    [Theory]
    [InlineData("größe", true)]
    [InlineData("GRÖSSE", false)]
    [InlineData("grö*", true)]
    [InlineData("4711", true)]
    [InlineData("471", false)]
    [InlineData("471*", true)]
    [InlineData("日本", true)]
    [InlineData("語日", true)]
    [InlineData("ship 4711", true)]
    [InlineData("ship missing", false)]
    [InlineData("sevt", false)]
    [InlineData("agent message", false)]
    public async Task Search_Entry_IsFoundByItsTextAndArguments(string query, bool isFound)
    {
        await StoreAsync("x", null, Entry("sevt_1", """{"content":[{"type":"text","text":"Please SHIP the Größe, 日本語"}],"input":{"order":4711}}"""));
        Assert.Equal(isFound ? [("sesn_1", "sevt_1")] : [], await FindAsync(query));
    }

    [Fact]
    public async Task Search_HostileText_MeansNothingButItsWords()
    {
        await StoreAsync("alpha beta", null, Entry("sevt_1", """{"text":"or not near column"}"""));
        foreach (var query in (string[])["alpha OR zeta", "alpha NOT beta", "\"alpha", "alpha\" OR \"1", "words : alpha NOT x", "^gamma", "alpha & zeta", "alpha | zeta", "!zeta alpha", "alpha <-> zeta", "alpha') --", "NEAR(alpha zeta)", "alpha:* zeta", "alpha\\", "-alpha zeta"])
        {
            var parsed = SearchQuery.Parse(query);
            Assert.NotNull(parsed);
            var expected = parsed.Matches(SearchWords.Of(["alpha beta", "sesn_1", "Refunds"])) ? 1 : 0;
            Assert.Equal(expected, (await FindAsync(query)).Count(static hit => hit.EventId is null));
        }

        foreach (var id in Given.StrangeIds.Where(static id => SearchQuery.Parse(id) is not null))
        {
            await FindAsync(id);
            await FindAsync(id + "*");
        }
    }

    [Fact]
    public async Task Search_ChangedText_IsFoundByTheNewAlone()
    {
        await StoreAsync("first", null, Entry("sevt_1", """{"text":"old"}""", null));
        await StoreAsync("second", null, Entry("sevt_1", """{"text":"new"}"""));

        Assert.Empty(await FindAsync("first"));
        Assert.Empty(await FindAsync("old"));
        Assert.Equal([("sesn_1", null)], await FindAsync("second"));
        Assert.Equal([("sesn_1", "sevt_1")], await FindAsync("new"));
    }

    [Fact]
    public async Task Search_RefusedChange_IsNotIndexed()
    {
        await StoreAsync("first", null);
        await Store.RequestAsync(Session, null, WorkLane.Normal, Token);
        Time.Advance(Window.MaxWait);
        var lease = await ClaimOneAsync();
        var change = Given.Change("sesn_1", null);

        Assert.Equal(ApplyOutcome.BaseMoved, await Store.ApplyAsync(lease, change with { Head = change.Head with { Title = "never" } }, Token));
        Assert.Empty(await FindAsync("never"));
    }

    [Fact]
    public async Task Search_DroppedContent_IsFoundNoMore()
    {
        await StoreAsync("secret", """{"customer":"ACME"}""", Entry("sevt_1", """{"text":"whisper"}"""), Entry("sevt_2", """{"text":"whisper"}"""));
        await LookAsync(Session, before =>
        {
            var change = Given.Change("sesn_1", before, "deleted");
            return change with { Head = change.Head with { Title = "secret" } };
        });
        Assert.NotEmpty(await FindAsync("secret"));

        for (ContentStep step = default; !step.IsLast;)
        {
            step = await Store.DropContentAsync(new ContentCut(TimeSpan.Zero, 2), Token);
        }

        foreach (var query in (string[])["secret", "acme", "whisper", "sesn_1"])
        {
            Assert.Empty(await FindAsync(query));
        }
    }

    [Fact]
    public async Task Search_Pages_AreNewestFirstWithoutGapOrRepeat()
    {
        await StoreAsync("x", null, [.. Enumerable.Range(0, 23).Select(static i => Entry($"sevt_{i}", """{"text":"same"}"""))]);
        List<string> found = [];
        long? before = null;
        do
        {
            var page = await Store.SearchAsync(Sight.Everything, SearchQuery.Parse("same")!, new PageRequest(5, before), Token);
            Assert.Equal(23, page.Total);
            found.AddRange(page.Items.Select(static hit => hit.Entry!.EventId));
            before = page.Next;
        }
        while (before is not null);
        Assert.Equal(Enumerable.Range(0, 23).Reverse().Select(static i => $"sevt_{i}"), found);
    }

    [Fact]
    public async Task Search_MoreThanIsCounted_SaysSo()
    {
        for (var part = 0; part < 11; part++)
        {
            var entries = Enumerable.Range(100 * part, 100).Select(static i => Entry($"sevt_{i}", """{"text":"many"}""")).ToArray();
            await StoreAsync("x", null, entries);
        }

        var page = await Store.SearchAsync(Sight.Everything, SearchQuery.Parse("many")!, new PageRequest(1), Token);
        Assert.Equal(ISearchStore.MostCounted + 1, page.Total);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Search_RandomWorlds_FindsWhatTheOracleFinds(int seed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        string[] vocabulary = ["alpha", "beta", "gamma", "delta", "ALPHA", "größe", "日本", "x1", "alphabet"];
        var documents = new Dictionary<(ResourceKey, string), (int Order, IReadOnlyCollection<string> Words)>();
        var heads = new Dictionary<ResourceKey, ContextHead>();
        for (var i = 0; i < 40; i++)
        {
            await MoveAsync();
        }

        for (var i = 0; i < 150; i++)
        {
            var query = SearchQuery.Parse(string.Join(' ', Enumerable.Range(0, random.Next(1, 3)).Select(_ => Pick() + (random.Next(3) == 0 ? "*" : ""))))!;
            var sight = RandomSight(random);
            var expected = documents.Where(pair => query.Matches(pair.Value.Words) && sight.Matches(PlacementOf(heads[pair.Key.Item1])))
                .OrderByDescending(static pair => pair.Value.Order).Select(static pair => (pair.Key.Item1.Id, pair.Key.Item2)).ToList();
            var page = await Store.SearchAsync(sight, query, new PageRequest(200), Token);
            Assert.Equal(expected, page.Items.Select(static hit => (hit.Head.Resource.Id, hit.Entry?.EventId ?? "")));
            Assert.Equal(expected.Count, page.Total);
            Assert.All(page.Items, hit => Assert.NotNull(Snippet.Of(hit, query)));
        }

        async Task MoveAsync()
        {
            var resource = ResourceKey.Session($"sesn_{(char)('a' + random.Next(6))}");
            var entries = Enumerable.Range(0, random.Next(3)).Select(_ => Entry($"sevt_{random.Next(8)}", $$"""{"text":{{JsonSerializer.Serialize($"{Pick()} {Pick()}")}}}""", null))
                .DistinctBy(static entry => entry.EventId).ToList();
            var head = await LookAsync(resource, before =>
            {
                var change = Given.Change(resource, before);
                return change with
                {
                    Head = change.Head with
                    {
                        Title = $"{Pick()} {Pick()}",
                        AgentId = $"agent_{random.Next(2)}",
                        WorkspaceId = $"w_{random.Next(3)}",
                        MetadataJson = $$"""{"team":"{{(char)('p' + random.Next(3))}}"}""",
                    },
                    SessionEvents = entries,
                };
            });
            heads[resource] = head;
            Note((resource, ""), SearchText.Of(head));
            entries.ForEach(entry => Note((resource, entry.EventId), SearchText.Of(entry)));
        }

        void Note((ResourceKey, string) key, IEnumerable<string> texts) =>
            documents[key] = (documents.TryGetValue(key, out var known) ? known.Order : documents.Count, SearchWords.Of(texts));

        string Pick() => vocabulary[random.Next(vocabulary.Length)];
    }

    [Fact]
    public async Task ReadHeads_EveryPage_GivesEachOnceWhateverChanges()
    {
        for (var i = 0; i < 12; i++)
        {
            var key = i % 3 == 0 ? new ResourceKey("agent", $"agent_{i}") : ResourceKey.Session($"sesn_{i}");
            await LookAsync(key, before => Given.Change(key, before));
        }

        List<ResourceKey> seen = [];
        ResourceKey? after = null;
        while (await Store.ReadHeadsAsync(Sight.Everything, after, 5, Token) is { Count: > 0 } heads)
        {
            seen.AddRange(heads.Select(static head => head.Resource));
            after = heads[^1].Resource;
            foreach (var key in seen.Take(2).ToList())
            {
                await LookAsync(key, before => Given.Change(key, before));
            }
        }

        Assert.Equal(12, seen.Count);
        Assert.Equal(12, seen.Distinct().Count());
        Assert.Empty(await Store.ReadHeadsAsync(Sight.Nothing, null, 5, Token));
        Assert.Equal(12, (await Store.ReadHeadsAsync(Sight.Of([new Scope { WorkspaceId = "wrkspc_1" }]), null, 50, Token)).Count);
        Assert.Empty(await Store.ReadHeadsAsync(Sight.Of([new Scope { WorkspaceId = "other" }]), null, 50, Token));
    }

    private static Sight RandomSight(Random random) => random.Next(8) switch
    {
        0 => Sight.Everything,
        1 => Sight.Nothing,
        _ => Sight.Of(Enumerable.Range(0, random.Next(1, 4)).Select(_ => new Scope
        {
            WorkspaceId = random.Next(2) == 0 ? $"w_{random.Next(3)}" : null,
            AgentId = random.Next(3) == 0 ? $"agent_{random.Next(2)}" : null,
            Tag = random.Next(3) == 0 ? new MetadataTag("team", ((char)('p' + random.Next(3))).ToString(CultureInfo.InvariantCulture)) : null,
        })),
    };

    private static Placement PlacementOf(ContextHead head) =>
        new(head.OrganizationId, head.WorkspaceId, head.AgentId, MetadataTag.Read(head.MetadataJson));

    private static SessionEventRecord Entry(string eventId, string body) => Entry(eventId, body, Given.Start);

    private static SessionEventRecord Entry(string eventId, string body, DateTimeOffset? at) => new()
    {
        EventId = eventId,
        Type = "agent.message",
        ProcessedAt = at,
        Json = Encoding.UTF8.GetBytes($$"""{"id":"{{eventId}}","type":"agent.message",{{body[1..]}}"""),
    };

    private async Task StoreAsync(string title, string? metadata, params SessionEventRecord[] entries) => await LookAsync(Session, before =>
    {
        var change = Given.Change("sesn_1", before);
        return change with { Head = change.Head with { Title = title, MetadataJson = metadata }, SessionEvents = entries };
    });

    private async Task<List<(string Id, string? EventId)>> FindAsync(string query)
    {
        var page = await Store.SearchAsync(Sight.Everything, SearchQuery.Parse(query)!, new PageRequest(200), Token);
        Assert.Equal(page.Items.Count, page.Total);
        return [.. page.Items.Select(static hit => (hit.Head.Resource.Id, hit.Entry?.EventId))];
    }
}
