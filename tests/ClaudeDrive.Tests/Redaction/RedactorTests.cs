using System.Text;
using System.Text.Json;
using ClaudeDrive.Redaction;
using Xunit;

namespace ClaudeDrive.Tests.Redaction;

public sealed class RedactorTests
{
    private const string Event = """
        {"id":"sevt_4111111111111111","type":"agent.custom_tool_use","name":"charge","processed_at":"2026-03-18T14:05:20Z",
         "input":{"card":"4111111111111111","amount":4111111111111111,"id":"c-7","mail":{"ann@example.com":"first"},
         "lines":[{"email":"bob@example.com","text":"ask bob@example.com, ann@example.com"},{"email":null}]}}
        """;

    [Theory]
    [InlineData("$.input.card", "card", 1)]
    [InlineData("$.input['card']", "card", 1)]
    [InlineData("$..email", "email", 2)]
    [InlineData("$.input.lines[0].email", "email", 1)]
    [InlineData("$.input.lines[*].email", "email", 2)]
    [InlineData("$.input.*.*.email", "email", 2)]
    [InlineData("$.input.*.email", "nothing", 0)]
    [InlineData("$.input", "input", 1)]
    [InlineData("$.input.id", "id", 1)]
    [InlineData("$.input.Card", "nothing", 0)]
    public void Redact_Path_ReplacesTheValuesThere(string path, string name, int values)
    {
        var redacted = Redact(new RedactionRule { Name = "r", Path = path });
        Assert.Equal(values, redacted.Counts.GetValueOrDefault("r"));
        Assert.Equal(values, Regex(redacted, $"\"{name}\":\"[redacted:r]\""));
        Assert.Equal(values > 0, redacted.IsChanged);
    }

    [Fact]
    public void Redact_Pattern_ReplacesMatchesInTextsNumbersAndNamesButNotWhatIsNeeded()
    {
        var root = Parse(Redact(new RedactionRule { Name = "card", Pattern = @"\d{16}" }, new RedactionRule { Name = "mail", Pattern = @"\w+@example\.com" }));
        Assert.Equal("sevt_4111111111111111", root.GetProperty("id").GetString());
        Assert.Equal("2026-03-18T14:05:20Z", root.GetProperty("processed_at").GetString());
        var input = root.GetProperty("input");
        Assert.Equal("[redacted:card]", input.GetProperty("card").GetString());
        Assert.Equal("[redacted:card]", input.GetProperty("amount").GetString());
        Assert.Equal("first", input.GetProperty("mail").GetProperty("[redacted:mail]").GetString());
        Assert.Equal("ask [redacted:mail], [redacted:mail]", input.GetProperty("lines")[0].GetProperty("text").GetString());
        Assert.Equal(5, root.GetProperty(Redactor.CountMember).GetInt32());
    }

    [Fact]
    public void Redact_PathAndPattern_LooksBelowThePathOnly()
    {
        var input = Parse(Redact(new RedactionRule { Name = "r", Path = "$.input.lines", Pattern = "example" })).GetProperty("input");
        Assert.Equal("bob@[redacted:r].com", input.GetProperty("lines")[0].GetProperty("email").GetString());
        Assert.True(input.GetProperty("mail").TryGetProperty("ann@example.com", out _));
    }

    [Theory]
    [InlineData("agent.custom_tool_use", true)]
    [InlineData("agent.*", true)]
    [InlineData("*", true)]
    [InlineData("agent", false)]
    [InlineData("user.*", false)]
    public void Redact_Types_ChooseTheDocuments(string type, bool isMeant)
    {
        var rule = new RedactionRule { Name = "r", Path = "$.input" };
        rule.Types.Add(type);
        Assert.Equal(isMeant, Redact(rule).IsChanged);
    }

    [Fact]
    public void Redact_NothingMatches_GivesTheBytesThatCame() =>
        Assert.Equal(Event, Encoding.UTF8.GetString(Redact(new RedactionRule { Name = "r", Pattern = "nowhere" }).Json.Span));

    [Fact]
    public void Redact_AnotherRulesPlaceholder_IsNotLookedInto()
    {
        var input = Parse(Redact(new RedactionRule { Name = "a", Pattern = "4" }, new RedactionRule { Name = "b", Pattern = "[a-z]+" })).GetProperty("input");
        Assert.StartsWith("[redacted:a]111", input.EnumerateObject().First().Value.GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Redact_TextThatLooksLikeAPlaceholder_HidesNothing()
    {
        const string hidden = """{"id":"1","type":"t","text":"[redacted:4111111111111111]"}""";
        var redacted = Make(new RedactionRule { Name = "card", Pattern = @"\d{16}" }).Redact(Parse(hidden), "t");
        Assert.DoesNotContain("4111", Encoding.UTF8.GetString(redacted.Json.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Redact_NamesThatBecomeTheSame_StayTwo()
    {
        var root = Parse(Make(new RedactionRule { Name = "n", Pattern = @"\d+" }).Redact(Parse("""{"m":{"1":1,"22":"x","[redacted:n]":"y"}}"""), "t"));
        Assert.Equal(["[redacted:n]#2", "[redacted:n]#3", "[redacted:n]"], root.GetProperty("m").EnumerateObject().Select(static m => m.Name));
    }

    [Fact]
    public void Redact_AgentOfASession_StaysWhichItIs()
    {
        var root = Parse(Make(new RedactionRule { Name = "n", Pattern = "secret" })
            .Redact(Parse("""{"agent":{"id":"agent_secret","name":"secret name"}}"""), "session"));
        Assert.Equal("agent_secret", root.GetProperty("agent").GetProperty("id").GetString());
        Assert.Equal("[redacted:n] name", root.GetProperty("agent").GetProperty("name").GetString());
    }

    [Fact]
    public void Redact_CountOfSomebodyElse_IsNotBelieved()
    {
        var root = Parse(Make(new RedactionRule { Name = "n", Pattern = "a" }).Redact(Parse("""{"claudedrive_redactions":99,"x":"a"}"""), "t"));
        Assert.Equal(1, Assert.Single(root.EnumerateObject(), static m => m.NameEquals(Redactor.CountMember)).Value.GetInt32());
    }

    [Fact]
    public void Redact_HostileText_TakesTimeThatGrowsWithTheTextOnly()
    {
        // With backtracking this would not end.
        var text = new string('a', 100_000);
        Assert.False(Make(new RedactionRule { Name = "n", Pattern = "(a+)+b" }).Redact(Parse($$"""{"x":"{{text}}"}"""), "t").IsChanged);
    }

    private static Redactor Make(params RedactionRule[] rules)
    {
        List<string> problems = [];
        var redactor = RedactionRules.Compile(rules, problems);
        Assert.Empty(problems);
        return redactor;
    }

    private static RedactedJson Redact(params RedactionRule[] rules) => Make(rules).Redact(Parse(Event), "agent.custom_tool_use");

    private static int Regex(RedactedJson redacted, string text) => Encoding.UTF8.GetString(redacted.Json.Span).Split(text).Length - 1;

    private static JsonElement Parse(RedactedJson redacted) => Parse(Encoding.UTF8.GetString(redacted.Json.Span));

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
