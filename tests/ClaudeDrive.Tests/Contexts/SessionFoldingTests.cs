using System.Text.Json;
using ClaudeDrive.Contexts;
using Xunit;
using static ClaudeDrive.Tests.Fakes.Events;
using static ClaudeDrive.Tests.Fakes.Plans;

namespace ClaudeDrive.Tests.Contexts;

public sealed class SessionFoldingTests
{
    private readonly SessionFold _fold = new();
    private readonly Dictionary<string, DateTimeOffset?> _known = [];

    [Fact]
    public void Add_LateOlderStatus_DoesNotReplaceANewerOne()
    {
        Add(Idle("new", 5, "end_turn"), Running("old", 4));
        Assert.Equal(("idle", "new", 2), (_fold.Status, _fold.StatusEventId, _fold.Events));
    }

    [Fact]
    public void Add_StatusesOfOneInstant_TheLaterListedCounts()
    {
        Add(Running("r", 5), Idle("i", 5, "end_turn"));
        Assert.Equal("idle", _fold.Status);
    }

    [Fact]
    public void Fold_StatusesOfOneInstantSeenApart_TheLaterListedCounts()
    {
        Look(false, Idle("i", 5, "end_turn"));
        Look(false, Running("r", 5), Idle("i", 5, "end_turn"));
        Assert.Equal(("i", "i", "end_turn", 2), (_fold.StatusEventId, _fold.LastEventId, _fold.StopReason, _fold.Events));

        Look(false, Running("r", 5)); // A list that is behind takes nothing back.
        Assert.Equal(("i", "i"), (_fold.StatusEventId, _fold.LastEventId));
    }

    [Fact]
    public void Fold_ErrorsOfOneInstantSeenApart_TheLaterListedCounts()
    {
        Look(false, Error("e2", 5, "billing_error"));
        Look(false, Error("e1", 5, "unknown_error"), Error("e2", 5, "billing_error"));
        Assert.Equal("billing_error", _fold.LastErrorType);
    }

    [Fact]
    public void Add_OlderIdleComesLate_KeepsWhatWasAskedAndAnsweredSince()
    {
        Add(CustomTool("C", 6), CustomResult("u", 7, "C"), Idle("late", 5, "requires_action", "A"), Idle("i", 8, "requires_action", "C"));
        Assert.Equal(["C"], _fold.Pending.Keys);
        Assert.Equal("u", _fold.Answers["C"]);
        Assert.False(_fold.HasUnexplainedRequirement);
    }

    [Fact]
    public void Add_UnknownTypesAndShapes_AreCountedAndHarmless()
    {
        Add(
            Event("a", "agent.dreams", 1),
            Event("b", "session.status_idle", 2, "\"stop_reason\":{\"type\":\"requires_action\",\"event_ids\":[7,null,\"A\"]}"),
            Event("c", "user.custom_tool_result", 3, "\"custom_tool_use_id\":[]"),
            Event("d", "agent.tool_use", 4, "\"name\":{},\"input\":null"),
            Parse("""{"id":"e"}"""),
            Parse("""{"id":"f","type":7,"processed_at":"yesterday"}"""));
        Assert.Equal(6, _fold.Events);
        Assert.Equal(["A"], _fold.Requires);
    }

    [Theory]
    [InlineData("""{"type":"event_start","event":{"type":"agent.message","id":"x"}}""")]
    [InlineData("""{"id":null,"type":"agent.message"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    public void Add_ElementWithoutId_IsIgnored(string json)
    {
        Add(Parse(json));
        Assert.Equal(0, _fold.Events);
        Assert.Null(SessionEventReader.Record(Parse(json)));
    }

    [Fact]
    public void Add_LongTurnOfTools_StaysSmall()
    {
        for (var i = 0; i < 1000; i++)
        {
            Add(Tool($"t{i}", i, "allow"), ToolResult($"r{i}", i + 0.5, $"t{i}"));
        }

        Assert.Empty(_fold.Pending);
        for (var i = 0; i < 100; i++)
        {
            Add(CustomTool($"c{i}", 2000 + i), CustomResult($"u{i}", 2000.5 + i, $"c{i}"));
        }

        Add(Idle("i", 3000, "end_turn"));
        Assert.Empty(_fold.Pending);
        Assert.Empty(_fold.Answers);
    }

    [Fact]
    public void Settle_QueuedEvent_BecomesTheNewestWhenItIs()
    {
        Add(Running("r", 1), Message("q", null), Event("m", "agent.message", 2));
        Assert.Equal(("m", 3), (_fold.LastEventId, _fold.Events));

        SessionFolding.Settle(_fold, Message("q", 7), new HashSet<string>());
        Assert.Equal(("q", 3), (_fold.LastEventId, _fold.Events));

        SessionFolding.Settle(_fold, Message("older", 3), new HashSet<string>());
        Assert.Equal("q", _fold.LastEventId);
    }

    [Fact]
    public void Parse_StoredFold_IsTheSame()
    {
        Add(CustomTool("A", 1, "sthr_2"), Error("e", 1.5, "x"), Idle("i", 2, "requires_action", "A"), CustomResult("u", null, "A"));
        Assert.Equal(_fold.ToJson(), SessionFold.Parse(_fold.ToJson()).ToJson());
    }

    private void Look(bool isWhole, params JsonElement[] events)
    {
        foreach (var record in SessionFolding.Fold(_fold, Fetched(Session("idle", 9), isWhole, events), _known, []))
        {
            _known[record.EventId] = record.ProcessedAt;
        }
    }

    private void Add(params JsonElement[] events)
    {
        foreach (var element in events)
        {
            SessionFolding.Add(_fold, element);
        }
    }
}
