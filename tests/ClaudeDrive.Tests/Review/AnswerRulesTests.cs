using System.Text.Json;
using ClaudeDrive.Contexts;
using ClaudeDrive.Review;
using Xunit;

namespace ClaudeDrive.Tests.Review;

public sealed class AnswerRulesTests
{
    private static readonly string[] Kinds =
    [
        BlockerKinds.CustomTool, BlockerKinds.ToolPermission, BlockerKinds.SelfHostedTool, BlockerKinds.Budget, BlockerKinds.GaveUp,
        BlockerKinds.Refusal,
    ];

    [Theory]
    [InlineData("""{"type":"result","content":"x"}""", "custom_tool self_hosted_tool")]
    [InlineData("""{"type":"allow"}""", "tool_permission")]
    [InlineData("""{"type":"deny","message":"no"}""", "tool_permission")]
    [InlineData("""{"type":"message","text":"x"}""", "gave_up refusal")]
    [InlineData("""{"type":"budget","amount":null}""", "budget")]
    [InlineData("""{"type":"interrupt"}""", "custom_tool tool_permission self_hosted_tool")]
    public void Check_EveryKind_FitsExactlyTheTable(string body, string fits)
    {
        foreach (var kind in Kinds)
        {
            Assert.Equal(fits.Split(' ').Contains(kind), Check(kind, body).Answer is not null);
        }
    }

    [Theory]
    [InlineData("custom_tool", """{"type":"result","content":""}""", """{"type":"result","content":"","is_error":false}""")]
    [InlineData(
        "custom_tool",
        """{"content":[{"type":"image","source":{"type":"url","url":"https://x"}}],"is_error":true,"type":"result","extra":1}""",
        """{"type":"result","content":[{"type":"image","source":{"type":"url","url":"https://x"}}],"is_error":true}""")]
    [InlineData("tool_permission", """{"type":"deny"}""", """{"type":"deny"}""")]
    [InlineData("tool_permission", """{"type":"deny","message":""}""", """{"type":"deny"}""")]
    [InlineData("budget", """{"type":"budget","amount":"2500"}""", """{"type":"budget","amount":"2500"}""")]
    [InlineData("budget", """{"type":"budget","amount":null}""", """{"type":"budget","amount":null}""")]
    public void Check_Good_StoresOnlyItsFields(string kind, string body, string stored) =>
        Assert.Equal(stored, Check(kind, body).Answer!.Json);

    [Fact]
    public void Check_NoteAndHash_AreKeptApart()
    {
        var answer = Check("tool_permission", """{"type":"allow","note":"seen","expected_input_hash":"abc"}""").Answer!;
        Assert.Equal(new ReviewAnswer("""{"type":"allow"}""", "seen", "abc"), answer);
    }

    [Theory]
    [InlineData("custom_tool", "7")]
    [InlineData("custom_tool", "{}")]
    [InlineData("custom_tool", """{"type":"approve"}""")]
    [InlineData("custom_tool", """{"type":"result"}""")]
    [InlineData("custom_tool", """{"type":"result","content":null}""")]
    [InlineData("custom_tool", """{"type":"result","content":{}}""")]
    [InlineData("custom_tool", """{"type":"result","content":[]}""")]
    [InlineData("custom_tool", """{"type":"result","content":[{"type":"redacted"}]}""")]
    [InlineData("custom_tool", """{"type":"result","content":[{"type":"text"}]}""")]
    [InlineData("custom_tool", """{"type":"result","content":[{"type":"text","text":""}]}""")]
    [InlineData("custom_tool", """{"type":"result","content":"\ud800"}""")]
    [InlineData("custom_tool", """{"type":"result","content":"x","is_error":"no"}""")]
    [InlineData("tool_permission", """{"type":"deny","message":7}""")]
    [InlineData("tool_permission", """{"type":"allow","expected_input_hash":7}""")]
    [InlineData("gave_up", """{"type":"message"}""")]
    [InlineData("gave_up", """{"type":"message","text":"  "}""")]
    [InlineData("budget", """{"type":"budget"}""")]
    [InlineData("budget", """{"type":"budget","amount":"0"}""")]
    [InlineData("budget", """{"type":"budget","amount":"-5"}""")]
    [InlineData("budget", """{"type":"budget","amount":"25.00"}""")]
    [InlineData("budget", """{"type":"budget","amount":"1234567890123456"}""")]
    [InlineData("budget", """{"type":"budget","amount":2500}""")]
    public void Check_Bad_SaysWhy(string kind, string body)
    {
        var check = Check(kind, body);
        Assert.Null(check.Answer);
        Assert.NotEmpty(check.Problem!);
    }

    [Theory]
    [InlineData("custom_tool", "result", "content", AnswerRules.MaxTextChars)]
    [InlineData("gave_up", "message", "text", AnswerRules.MaxTextChars)]
    [InlineData("tool_permission", "deny", "message", AnswerRules.MaxDenyChars)]
    [InlineData("tool_permission", "allow", "note", AnswerRules.MaxNoteChars)]
    public void Check_Length_UpToTheCap(string kind, string type, string field, int cap)
    {
        Assert.NotNull(Check(kind, $$"""{"type":"{{type}}","{{field}}":"{{new string('x', cap)}}"}""").Answer);
        Assert.Null(Check(kind, $$"""{"type":"{{type}}","{{field}}":"{{new string('x', cap + 1)}}"}""").Answer);
    }

    private static AnswerCheck Check(string kind, string body)
    {
        using var document = JsonDocument.Parse(body);
        return AnswerRules.Check(kind, document.RootElement);
    }
}
