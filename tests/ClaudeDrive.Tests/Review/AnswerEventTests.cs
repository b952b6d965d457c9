using System.Text.Json;
using ClaudeDrive.Contexts;
using ClaudeDrive.Review;
using ClaudeDrive.Tests.Fakes;
using Xunit;

namespace ClaudeDrive.Tests.Review;

/// <summary>What each answer of the contract becomes (claude-api §3.6), and how it is recognised.</summary>
public sealed class AnswerEventTests
{
    private const string Text = """[{"type":"text","text":"ok"}]""";

    [Theory]
    [InlineData("custom_tool", """{"type":"result","content":"ok"}""", $$"""{"type":"user.custom_tool_result","custom_tool_use_id":"sevt_A","content":{{Text}},"is_error":false}""")]
    [InlineData("custom_tool", """{"type":"result","content":"ok","is_error":true}""", $$"""{"type":"user.custom_tool_result","custom_tool_use_id":"sevt_A","content":{{Text}},"is_error":true}""")]
    [InlineData("custom_tool", $$"""{"type":"result","content":{{Text}}}""", $$"""{"type":"user.custom_tool_result","custom_tool_use_id":"sevt_A","content":{{Text}},"is_error":false}""")]
    [InlineData("custom_tool", """{"type":"result"}""", """{"type":"user.custom_tool_result","custom_tool_use_id":"sevt_A","content":[],"is_error":false}""")]
    [InlineData("self_hosted_tool", """{"type":"result","content":"ok"}""", $$"""{"type":"user.tool_result","tool_use_id":"sevt_A","content":{{Text}},"is_error":false}""")]
    [InlineData("tool_permission", """{"type":"allow","message":"x"}""", """{"type":"user.tool_confirmation","tool_use_id":"sevt_A","result":"allow"}""")]
    [InlineData("tool_permission", """{"type":"deny"}""", """{"type":"user.tool_confirmation","tool_use_id":"sevt_A","result":"deny"}""")]
    [InlineData("tool_permission", """{"type":"deny","message":"no"}""", """{"type":"user.tool_confirmation","tool_use_id":"sevt_A","result":"deny","deny_message":"no"}""")]
    [InlineData("refusal", """{"type":"message","text":"ok"}""", $$"""{"type":"user.message","content":{{Text}}}""")]
    [InlineData("gave_up", """{"type":"interrupt"}""", """{"type":"user.interrupt"}""")]
    public void Create_Answer_IsTheEventThatClaudeTakes(string kind, string answer, string expected)
    {
        var item = Item(kind, answer);
        Assert.Null(AnswerEvent.Problem(item));
        Assert.True(JsonElement.DeepEquals(Events.Parse(expected), AnswerEvent.Create(item)), AnswerEvent.Create(item).GetRawText());
    }

    [Theory]
    [InlineData("""{"type":"user.custom_tool_result","id":"u","custom_tool_use_id":"sevt_A","content":[{"type":"text","text":"ok","citations":null}],"is_error":false}""", true)]
    [InlineData("""{"type":"user.custom_tool_result","id":"u","custom_tool_use_id":"sevt_A","content":[{"type":"text","text":"ok"}]}""", true)]
    [InlineData("""{"type":"user.custom_tool_result","id":"u","custom_tool_use_id":"sevt_A","content":[{"type":"text","text":"ok"}],"is_error":null}""", true)]
    [InlineData("""{"type":"user.custom_tool_result","id":"u","custom_tool_use_id":"sevt_A","content":[{"type":"text","text":"no"}]}""", false)]
    [InlineData("""{"type":"user.custom_tool_result","id":"u","custom_tool_use_id":"sevt_A","content":[{"type":"text","text":"ok"}],"is_error":true}""", false)]
    [InlineData("""{"type":"user.custom_tool_result","id":"u","custom_tool_use_id":"sevt_A","content":[]}""", false)]
    [InlineData("""{"type":"user.custom_tool_result","id":"u","custom_tool_use_id":"sevt_A"}""", false)]
    [InlineData("""{"type":"user.tool_confirmation","id":"u","tool_use_id":"sevt_A","result":"allow"}""", false)]
    [InlineData("""{"type":"user.custom_tool_result","id":"u","custom_tool_use_id":"sevt_B","content":[{"type":"text","text":"ok"}]}""", null)]
    [InlineData("""{"type":"user.custom_tool_result","custom_tool_use_id":"sevt_A"}""", null)]
    [InlineData("""{"type":"user.message","id":"u","content":[{"type":"text","text":"ok"}]}""", null)]
    [InlineData("""{"id":"u"}""", null)]
    public void Find_ToolAnswer_GoesByTheToolUseAndComparesTheContent(string candidate, bool? isOurs)
    {
        var found = AnswerEvent.Find(Item("custom_tool", """{"type":"result","content":"ok"}"""), [Events.Parse(candidate)], static _ => false);
        Assert.Equal(isOurs, found?.IsOurs);
    }

    [Theory]
    [InlineData("""{"type":"user.message","id":"new","content":[{"type":"text","text":"ok","citations":null}]}""", "new")]
    [InlineData("""{"type":"user.message","id":"old","content":[{"type":"text","text":"ok"}]}""", null)]
    [InlineData("""{"type":"user.message","id":"new","content":[{"type":"text","text":"okay"}]}""", null)]
    [InlineData("""{"type":"user.message","id":"new","content":[{"type":"text","text":"ok"},{"type":"text","text":"more"}]}""", null)]
    [InlineData("""{"type":"user.interrupt","id":"new"}""", null)]
    public void Find_Message_IsTheLikeThatWasNotThereBefore(string candidate, string? expected)
    {
        var found = AnswerEvent.Find(Item("refusal", """{"type":"message","text":"ok"}"""), [Events.Parse(candidate)], static id => id == "old");
        Assert.Equal(expected, found?.EventId);
    }

    private static ReviewItem Item(string kind, string answer) => new()
    {
        ReviewId = "rev_1",
        Seq = 1,
        SessionId = "sesn_1",
        Blocker = new Blocker { BlockingEventId = "sevt_A", Kind = kind, InputHash = "" },
        State = ReviewState.Sending,
        OpenedAt = Make.Start,
        OpenedRevision = 1,
        ChangedAt = Make.Start,
        AnswerJson = answer,
    };
}
