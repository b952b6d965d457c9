using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace ClaudeDrive.Server.Tests.Cli;

/// <summary>Text from agents and strangers can neither steer the terminal nor break the layout, in any verb.</summary>
public sealed class HostileTextTests
{
    private const string Evil = "\u001b[31mx\u001b]0;t\u0007 [red]y[/] [[ \u202eabc\u2066 \u009b2J \u200b \r\n\tz \U000e0041 \u2028 end";

    public static TheoryData<string, string> Verbs => new()
    {
        { "events list", "/api/v1/events" },
        { "events show x", "/api/v1/events/x" },
        { "events replay x", "/api/v1/events/x/replay" },
        { "sessions list", "/api/v1/sessions" },
        { "sessions show x", "/api/v1/sessions/x" },
        { "sessions timeline x", "/api/v1/sessions/x/timeline" },
        { "sessions transcript x", "/api/v1/sessions/x/transcript" },
        { "sessions history x", "/api/v1/sessions/x/revisions" },
        { "sessions history x --revision 2", "/api/v1/sessions/x/revisions/2" },
        { "sessions diff x --from 1 --to 2", "/api/v1/sessions/x/diff" },
        { "reviews list", "/api/v1/reviews" },
        { "reviews show x", "/api/v1/reviews/x" },
        { "reviews claim x", "/api/v1/reviews/x/claim" },
        { "reviews release x", "/api/v1/reviews/x/release" },
        { "reviews answer x --allow", "/api/v1/reviews/x/answer" },
        { "dead-letters list", "/api/v1/dead-letters" },
        { "dead-letters retry --all", "/api/v1/dead-letters/retry" },
        { "deliveries list", "/api/v1/deliveries" },
    };

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Show_HostileText_NothingDangerousReachesTheTerminal(string line, string target)
    {
        await using var server = await FakeServer.StartAsync();
        Serve(server, target, Document());

        var plain = await CliProbe.For(server).RunAsync(line.Split(' '));
        var coloured = await new CliProbe { IsTerminal = true, Variables = { ["CLAUDEDRIVE_URL"] = server.Url } }.RunAsync(line.Split(' '));

        Assert.Equal(0, plain.ExitCode);
        Assert.Equal(0, coloured.ExitCode);
        AssertHarmless(plain.Everything);
        AssertHarmless(System.Text.RegularExpressions.Regex.Replace(coloured.Everything, "\u001b\\[[0-9;]*m", string.Empty));
        Assert.DoesNotContain("\u001b[31mx", coloured.Everything, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Json_HostileText_SameDocumentWithoutDangerousCharacters(string line, string target)
    {
        await using var server = await FakeServer.StartAsync();
        var document = Document();
        Serve(server, target, document);

        var result = await CliProbe.For(server).RunAsync([.. line.Split(' '), "--json"]);

        AssertHarmless(result.Output);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(document), JsonNode.Parse(result.Output)));
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Problem_HostileDetail_IsNeutralised()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/events", new JsonObject { ["detail"] = Evil, ["code"] = Evil, ["errors"] = new JsonObject { [Evil] = Evil } }.ToJsonString(), 400);

        var result = await CliProbe.For(server).RunAsync("events", "list");

        Assert.Equal(2, result.ExitCode);
        AssertHarmless(result.Error);
    }

    [Fact]
    public async Task Show_BracketsInArguments_StayBrackets()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/reviews/x", """{"review_id":"x","state":"open","kind":"custom_tool","tool_name":"t[0]","input":{"a":"[bold]b[/]","half":"\ud800"}}""");

        var result = await CliProbe.For(server).RunAsync("reviews", "show", "x");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("[bold]b[/]", result.Output, StringComparison.Ordinal);
        Assert.Contains("t[0]", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_FieldNamesWiderThanTheTerminal_StillEnds()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/sessions/x", new JsonObject
        {
            ["blockers"] = new JsonArray(new JsonObject(Enumerable.Range(0, 5).Select(n =>
                KeyValuePair.Create<string, JsonNode?>(n + new string('漢', 300), new string('語', 300))))),
        }.ToJsonString());
        var probe = new CliProbe { Width = 40, Variables = { ["CLAUDEDRIVE_URL"] = server.Url } };

        var result = await probe.RunAsync("sessions", "show", "x");

        Assert.Equal(0, result.ExitCode);
    }

    /// <summary>The same hostile text in every field that any verb shows.</summary>
    private static string Document()
    {
        string[] fields =
        [
            "event_id", "event_type", "state", "resource_id", "last_error", "endpoint", "source", "session_id", "status", "triage", "title",
            "review_id", "tool_name", "kind", "claimed_by", "send_state", "input_hash", "outcome", "code", "remote_ip", "summary", "id", "name",
            "type", "path", "op", "revision", "request_id", "hash", "workspace_id", "answered_by", "answer_event_id",
        ];
        var row = new JsonObject(fields.Select(field => KeyValuePair.Create<string, JsonNode?>(field, Evil)))
        {
            ["input"] = new JsonObject { [Evil] = Evil },
            ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = Evil }),
            ["metadata"] = new JsonObject { [Evil] = Evil },
            ["agent"] = new JsonObject { ["name"] = Evil },
            ["blockers"] = new JsonArray(new JsonObject { [Evil] = Evil, ["review_id"] = Evil }),
            ["payload"] = new JsonObject { [Evil] = Evil },
            ["value"] = Evil,
        };
        var root = (JsonObject)row.DeepClone();
        root["data"] = new JsonArray(row);
        root["patch"] = new JsonArray(row.DeepClone());
        root["trace"] = new JsonObject { ["fetches"] = new JsonArray(row.DeepClone()) };
        root["next_cursor"] = Evil;
        root["total"] = 1;

        // Raw where JSON allows it: everything but C0 controls.
        return root.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
            .Replace("\\u202e", "\u202e", StringComparison.OrdinalIgnoreCase)
            .Replace("\\u009b", "\u009b", StringComparison.OrdinalIgnoreCase)
            .Replace("\\u2028", "\u2028", StringComparison.OrdinalIgnoreCase);
    }

    private static void Serve(FakeServer server, string target, string document)
    {
        server.On("GET " + target, document).On("POST " + target, document);
    }

    private static void AssertHarmless(string text)
    {
        foreach (var rune in text.EnumerateRunes().Where(rune => rune.Value != '\n'))
        {
            var category = System.Text.Rune.GetUnicodeCategory(rune);
            Assert.False(
                category is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
                    or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator,
                $"U+{rune.Value:X4} reached the output");
        }
    }
}
