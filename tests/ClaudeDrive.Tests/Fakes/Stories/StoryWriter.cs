using System.Text.Json;
using ClaudeDrive.Contexts;

namespace ClaudeDrive.Tests.Fakes.Stories;

/// <summary>
/// Turns steps into a story by Claude's rules (claude-api §3.4–§3.6): a step that is impossible in the present state becomes the nearest possible one, so
/// that a story without one of its steps is a story too, and a failure can be shrunk.
/// </summary>
internal sealed partial class StoryWriter
{
    private readonly List<StoryEvent> _events = [];
    private readonly List<(long At, JsonElement Json)> _versions = [];
    private readonly List<StoryNotice> _notices = [];
    private readonly List<StoryWait> _waits = [];
    private readonly List<OpenTool> _open = [];
    private StoryStep _step;
    private int _inStep;
    private long _now;
    private long _visible;
    private long? _deletedAt;
    private string _status = ContextTransitions.Idle;
    private string _triage = Triages.NeverStarted;
    private int _titles;

    private StoryWriter() => Version();

    private bool IsRunning => _status is ContextTransitions.Running or ContextTransitions.Rescheduling;

    private bool IsOver => _status == ContextTransitions.Terminated || _deletedAt is not null;

    public static Story Write(IReadOnlyList<StoryStep> steps)
    {
        var writer = new StoryWriter();
        foreach (var step in steps)
        {
            writer.Tell(step);
        }

        return new Story
        {
            Events = writer._events,
            Versions = writer._versions,
            Notices = writer._notices,
            Waits = writer._waits,
            DeletedAt = writer._deletedAt,
            Status = writer._status,
            Triage = writer._status == ContextTransitions.Idle ? writer._triage : null,
            End = Math.Max(writer._now, writer._visible),
        };
    }

    private void Tell(StoryStep step)
    {
        _step = step;
        _inStep = 0;
        _now += step.Gap;
        if (_deletedAt is not null)
        {
            return;
        }

        if (IsOver)
        {
            if (step.Move is StoryMove.Delete)
            {
                Delete();
            }

            return;
        }

        switch (step.Move)
        {
            case StoryMove.Rename:
                Rename();
                break;
            case StoryMove.Noise:
                Append(static (id, at) => Events.Event(id, "workflow_run.dreamed", at));
                break;
            case StoryMove.Archive or StoryMove.Delete when !IsRunning:
                End(step.Move);
                break;
            case StoryMove.Message when IsRunning:
                Append(static (id, at) => Events.Message(id, at), canQueue: true);
                break;
            case StoryMove.Message when _open.Count == 0:
                Run();
                break;
            default:
                TellTurn(step.Move);
                break;
        }
    }

    private void TellTurn(StoryMove move)
    {
        if (_open.Count > 0)
        {
            if (move is StoryMove.Interrupt)
            {
                Interrupt();
            }
            else
            {
                Answer(andRun: move is StoryMove.AnswerAndRun);
            }

            return;
        }

        if (_status != ContextTransitions.Running)
        {
            Run();
        }

        switch (move)
        {
            case StoryMove.Tool:
                var tool = Append(static (id, at) => Events.Tool(id, at!.Value, "allow"));
                Append((id, at) => Events.ToolResult(id, at!.Value, tool));
                break;
            case StoryMove.Pause or StoryMove.PauseAgain or StoryMove.Answer or StoryMove.AnswerAgain or StoryMove.AnswerAndRun:
                Pause();
                break;
            case StoryMove.GiveUp:
                Append(static (id, at) => Events.Error(id, at!.Value, $"error_{id}"));
                Idle("retries_exhausted", Triages.GaveUp, BlockerKinds.GaveUp);
                break;
            case StoryMove.Refuse:
                Idle("refusal", Triages.Refused, BlockerKinds.Refusal);
                break;
            case StoryMove.Cap:
                Idle("budget_reached", Triages.OutOfBudget, BlockerKinds.Budget);
                _notices.Add(new StoryNotice("session.budget_reached", _now));
                break;
            case StoryMove.Reschedule:
                Append(static (id, at) => Events.Event(id, "session.status_rescheduled", at));
                SetStatus(ContextTransitions.Rescheduling, "session.status_rescheduled");
                break;
            default:
                Idle("end_turn", Triages.Finished, null);
                break;
        }
    }

    private void Run()
    {
        // What stopped it before is over as soon as it has something to do: by a raised budget, or by a message.
        EndWaits();
        if (_triage == Triages.OutOfBudget && _status == ContextTransitions.Idle)
        {
            Append(static (id, at) => Events.Event(id, "session.updated", at));
        }
        else if (_status == ContextTransitions.Idle)
        {
            Append(static (id, at) => Events.Message(id, at), canQueue: true);
        }

        GoOn();
    }

    private void GoOn()
    {
        Append(static (id, at) => Events.Running(id, at!.Value));
        SetStatus(ContextTransitions.Running, "session.status_run_started");
    }

    private void Rename()
    {
        _titles++;
        Append(static (id, at) => Events.Event(id, "session.updated", at));
        Version();
        _notices.Add(new StoryNotice("session.updated", _now));
    }

    private void Delete()
    {
        _deletedAt = _now;
        _visible = Math.Max(_visible, _now);
        EndWaits();
        _notices.Add(new StoryNotice("session.deleted", _now));
    }

    private void End(StoryMove move)
    {
        if (move is StoryMove.Delete)
        {
            Delete();
            return;
        }

        EndWaits();
        _open.Clear();
        Append(static (id, at) => Events.Event(id, "session.status_terminated", at));
        SetStatus(ContextTransitions.Terminated, "session.status_terminated");
    }

    private void SetStatus(string status, string notice)
    {
        _status = status;
        Version();
        _notices.Add(new StoryNotice(notice, _now));
    }

    private void EndWaits()
    {
        foreach (var wait in _waits.Where(static wait => wait.Until is null))
        {
            wait.Until = _now;
        }
    }

    private string Append(Func<string, double?, JsonElement> make, bool canQueue = false)
    {
        _now += _inStep > 0 ? _step.Spacing : 0;
        var late = ((_step.LateMask >> (_inStep % 6)) & 1) == 1 ? _step.Late : 0;
        _inStep++;
        var id = FormattableString.Invariant($"sevt_{_events.Count}");
        long? queuedAt = canQueue && _step.Choice % 3 == 0 ? Math.Max(0, _now - (_step.Choice * 50)) : null;
        _events.Add(new StoryEvent(id, _now, _now + late, queuedAt, at => make(id, at)));
        _visible = Math.Max(_visible, _now + late);
        Version();
        return id;
    }

    // Every event moves the object's clock, as at Claude.
    private void Version()
    {
        var archived = _status == ContextTransitions.Terminated ? $"\"{Events.Instant(Story.Seconds(_now))}\"" : "null";
        _versions.Add((_now, Events.Parse($$"""
            {"id":"{{Story.SessionId}}","type":"session","status":"{{_status}}","title":"title {{_titles}}",
            "created_at":"{{Events.Instant(-100)}}","updated_at":"{{Events.Instant(Story.Seconds(_now))}}","archived_at":{{archived}}}
            """)));
    }

    private sealed record OpenTool(string Id, StoryWait Wait, string? Thread);
}
