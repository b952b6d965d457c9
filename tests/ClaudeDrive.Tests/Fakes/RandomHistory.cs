using System.Text.Json;
using ClaudeDrive.Contexts;

namespace ClaudeDrive.Tests.Fakes;

/// <summary>
/// A plausible random session: turns of messages, tools, pauses, answers and errors. Each event becomes visible up to eight seconds after its
/// instant, and a user's message may lie queued before it has one.
/// </summary>
internal sealed class RandomHistory
{
    private readonly List<(double At, double VisibleAt, double? QueuedAt, Func<double?, JsonElement> Event)> _events = [];
    private readonly Random _random;
    private double _now;

    private RandomHistory(Random random) => _random = random;

    /// <summary>When all is visible.</summary>
    public double End => _now + 20;

    /// <summary>What the object says at the end.</summary>
    public string Status { get; private set; } = "idle";

    public static RandomHistory Create(Random random, int steps)
    {
        var history = new RandomHistory(random);
        for (var step = 0; step < steps; step++)
        {
            history.Turn();
        }

        return history;
    }

    /// <summary>The list of the API: by instant, queued ones last.</summary>
    public JsonElement[] Visible(double now, DateTimeOffset since) => [.. _events
        .Where(item => item.VisibleAt <= now || item.QueuedAt <= now)
        .Select(item => (item.Event, At: item.At <= now && item.VisibleAt <= now ? item.At : (double?)null))
        .Where(item => item.At is null || RevisionHash.Truncate(Make.Start.AddSeconds(item.At.Value)) >= since)
        .OrderBy(static item => item.At ?? double.MaxValue)
        .Select(static item => item.Event(item.At))];

    private void Turn()
    {
        Status = "running";
        Add(static (id, at) => Events.Message(id, at), canQueue: true);
        Add(static (id, at) => Events.Running(id, at!.Value));
        for (var tools = _random.Next(3); tools > 0; tools--)
        {
            var tool = Add(static (id, at) => Events.Tool(id, at!.Value, "allow"));
            Add((id, at) => Events.ToolResult(id, at!.Value, tool));
        }

        switch (_random.Next(8))
        {
            case 0:
                Add(static (id, at) => Events.Error(id, at!.Value, $"error_{id}"));
                Add(static (id, at) => Events.Error(id, at!.Value, $"error_{id}"));
                Idle("retries_exhausted");
                break;
            case 1:
                Add(static (id, at) => Events.Event(id, "session.status_rescheduled", at));
                Status = "rescheduling";
                break;
            case 2:
                Idle(_random.Next(2) == 0 ? "budget_reached" : "refusal");
                break;
            case 3:
                Add(static (id, at) => Events.Event(id, "workflow_run.dreamed", at));
                break;
            case 4 or 5:
                Pause();
                break;
            default:
                Idle("end_turn");
                break;
        }
    }

    private void Pause()
    {
        List<string> open = [];
        for (var count = _random.Next(1, 4); count > 0; count--)
        {
            var thread = _random.Next(2) == 0 ? null : "sthr_2";
            var kind = _random.Next(3);
            open.Add(Add((id, at) => kind switch
            {
                0 => Events.CustomTool(id, at!.Value, thread),
                1 => Events.McpTool(id, at!.Value, thread),
                _ => Events.Tool(id, at!.Value, "ask", thread),
            }));
        }

        if (open.Count > 1 && _random.Next(4) == 0)
        {
            Answer(open, _random.Next(open.Count)); // Before the idle.
        }

        Idle("requires_action", [.. open]);
        while (open.Count > 0 && _random.Next(4) > 0)
        {
            Answer(open, _random.Next(open.Count));
            if (open.Count > 0)
            {
                Idle("requires_action", [.. open]);
            }
        }

        if (open.Count > 0 && _random.Next(2) == 0)
        {
            Add(static (id, at) => Events.Event(id, "user.interrupt", at));
            var interrupted = open.ToArray();
            foreach (var tool in interrupted)
            {
                Add((id, at) => Events.ToolResult(id, at!.Value, tool));
            }

            Idle("end_turn");
        }
    }

    private void Answer(List<string> open, int index)
    {
        var tool = open[index];
        open.RemoveAt(index);
        Add((id, at) => Events.CustomResult(id, at, tool), canQueue: _random.Next(2) == 0);
    }

    private void Idle(string reason, params string[] requires)
    {
        Status = "idle";
        Add((id, at) => Events.Idle(id, at!.Value, reason, requires));
    }

    private string Add(Func<string, double?, JsonElement> make, bool canQueue = false)
    {
        _now += 0.001 + (_random.NextDouble() * 6);
        var at = Math.Round(_now, 3);
        var id = $"sevt_{_events.Count}";
        double? queuedAt = canQueue && _random.Next(3) == 0 ? at - (_random.NextDouble() * 10) : null;
        _events.Add((at, at + (_random.Next(3) == 0 ? _random.NextDouble() * 8 : 0), queuedAt, instant => make(id, instant)));
        return id;
    }
}
