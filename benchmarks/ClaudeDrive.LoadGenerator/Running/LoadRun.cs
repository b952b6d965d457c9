using System.Diagnostics;
using ClaudeDrive.LoadGenerator.Events;
using ClaudeDrive.LoadGenerator.Network;

namespace ClaudeDrive.LoadGenerator.Running;

/// <summary>
/// One run, by one thread: waits for answers, measures them, sends what is due. In the closed loop a connection sends its next request as soon as it has
/// its answer. At a fixed rate request n is due at n / rate; when every connection is busy it waits its turn, and that wait is part of its latency, so
/// that a receiver that stands still is not spared the requests it would have got.
/// </summary>
internal sealed class LoadRun : IDisposable
{
    /// <summary>Longest wait for the last answers. Chosen: Claude waits a few times as long.</summary>
    private static readonly long Drain = 5 * Stopwatch.Frequency;

    private readonly LoadPlan _plan;
    private readonly SignedEvents _events;
    private readonly Poller _poller;
    private readonly Connection[] _connections;
    private readonly Stack<int> _idle;
    private readonly LoadMeter _meter;
    private long _start;
    private long _stopSending;
    private int _next;
    private int _underWay;

    /// <summary>Opens the connections.</summary>
    public LoadRun(LoadPlan plan, SignedEvents events)
    {
        _plan = plan;
        _events = events;
        _poller = new Poller(plan.Connections);
        _meter = new LoadMeter(plan);
        _connections = new Connection[plan.Connections];
        _idle = new Stack<int>(plan.Connections);
        for (var number = 0; number < _connections.Length; number++)
        {
            Open(number);
            _idle.Push(number);
        }
    }

    private bool IsClosedLoop => _plan.Rate == 0;

    private bool IsExhausted => _next >= _events.Count;

    /// <summary>Sends until the time is over or the events are used up, and waits for the last answers.</summary>
    public LoadReport Run()
    {
        _start = Stopwatch.GetTimestamp();
        _meter.Start(_start);
        _stopSending = _meter.End;
        SendDue(_start);
        while (_underWay > 0 || (!IsExhausted && Stopwatch.GetTimestamp() < _stopSending))
        {
            var asleep = Stopwatch.GetTimestamp();
            if (asleep > _stopSending + Drain)
            {
                break;
            }

            var ready = _poller.Wait(50);
            var now = Stopwatch.GetTimestamp();
            _meter.Waited(asleep, now);
            for (var i = 0; i < ready; i++)
            {
                if (_poller.Ready(i) is var number && number != Poller.Timer)
                {
                    Take(number);
                }
            }

            SendDue(Stopwatch.GetTimestamp());
        }

        return _meter.Report(_underWay, IsExhausted, _events.Template.BodyLength);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection?.Dispose();
        }

        _poller.Dispose();
    }

    private void Open(int number)
    {
        _connections[number]?.Dispose();
        _connections[number] = new Connection(_plan.Target, _events.Template.Copy());
        _poller.Add(_connections[number].Descriptor, number);
    }

    private void Take(int number)
    {
        var connection = _connections[number];
        var status = connection.Receive();
        if (status == 0)
        {
            return;
        }

        var now = Stopwatch.GetTimestamp();
        _underWay--;
        if (status < 0)
        {
            Reopen(number);
            return;
        }

        _meter.Answered(status, connection.Since, now);
        if (IsClosedLoop && now < _stopSending && !IsExhausted)
        {
            Send(number, now);
        }
        else
        {
            _idle.Push(number);
        }
    }

    private void SendDue(long now)
    {
        while (now < _stopSending && !IsExhausted && _idle.Count > 0)
        {
            var due = IsClosedLoop ? now : DueAt(_next);
            if (due > now)
            {
                _poller.RingAt(due);
                return;
            }

            Send(_idle.Pop(), due);
        }
    }

    private long DueAt(int index) => _start + (long)((double)index / _plan.Rate * Stopwatch.Frequency);

    private void Send(int number, long since)
    {
        var connection = _connections[number];
        _events.Fill(_next++, connection.Request);
        _underWay++;
        if (!connection.TrySend(since))
        {
            _underWay--;
            Reopen(number);
        }
    }

    private void Reopen(int number)
    {
        _meter.Broke();
        Open(number);
        _idle.Push(number);
    }
}
