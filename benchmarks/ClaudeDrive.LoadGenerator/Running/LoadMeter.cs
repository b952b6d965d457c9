using System.Diagnostics;

namespace ClaudeDrive.LoadGenerator.Running;

/// <summary>Counts within the measured window, and tells on standard error when that begins and ends, so that others can measure over the same time.</summary>
internal sealed class LoadMeter(LoadPlan plan)
{
    private readonly LatencyHistogram _latencies = new();
    private readonly double _nanoseconds = 1e9 / Stopwatch.Frequency;
    private long _begin;
    private long _began;
    private long _ended;
    private long _accepted;
    private long _acceptedInAll;
    private long _refused;
    private long _broken;
    private long _waited;
    private double _cpuBefore;
    private double _cpuAfter;

    /// <summary>When the window ends, in the time of <see cref="Stopwatch"/>.</summary>
    public long End { get; private set; }

    /// <summary>The run begins.</summary>
    public void Start(long now)
    {
        _begin = now + (long)(plan.WarmUp.TotalSeconds * Stopwatch.Frequency);
        End = _begin + (long)(plan.Duration.TotalSeconds * Stopwatch.Frequency);
    }

    /// <summary>The thread slept; also what moves the window on.</summary>
    public void Waited(long from, long to)
    {
        if (_began == 0 && to >= _begin)
        {
            _began = to;
            _cpuBefore = Cpu();
            Console.Error.WriteLine("window begins");
        }
        else if (_began != 0 && _ended == 0)
        {
            _waited += to - from;
            if (to >= End)
            {
                Close(to);
            }
        }
    }

    /// <summary>An answer came.</summary>
    public void Answered(int status, long since, long now)
    {
        if (status is < 200 or > 299)
        {
            _refused++;
            return;
        }

        _acceptedInAll++;
        if (_began != 0 && _ended == 0)
        {
            _accepted++;
            _latencies.Add((long)((now - since) * _nanoseconds));
        }
    }

    /// <summary>A connection broke.</summary>
    public void Broke() => _broken++;

    /// <summary>What was found.</summary>
    public LoadReport Report(int unanswered, bool exhausted, int bodyBytes)
    {
        if (_ended == 0)
        {
            Close(Stopwatch.GetTimestamp());
        }

        var seconds = _began == 0 ? 0 : (_ended - _began) / (double)Stopwatch.Frequency;
        return new LoadReport
        {
            AcceptedPerSecond = seconds > 0 ? _accepted / seconds : 0,
            Accepted = _accepted,
            AcceptedInAll = _acceptedInAll,
            Refused = _refused,
            Broken = _broken,
            Unanswered = unanswered,
            P50Ms = Milliseconds(0.5),
            P90Ms = Milliseconds(0.9),
            P99Ms = Milliseconds(0.99),
            P999Ms = Milliseconds(0.999),
            MaxMs = _latencies.Max / 1e6,
            Seconds = seconds,
            CpuSeconds = _cpuAfter - _cpuBefore,
            Busy = seconds > 0 ? 1 - (_waited / (double)(_ended - _began)) : 0,
            Exhausted = exhausted,
            Connections = plan.Connections,
            Rate = plan.Rate,
            BodyBytes = bodyBytes,
        };
    }

    private static double Cpu()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds;
    }

    private void Close(long now)
    {
        _ended = now;
        _cpuAfter = Cpu();
        Console.Error.WriteLine("window ends");
    }

    private double Milliseconds(double quantile) => _latencies.Quantile(quantile) / 1e6;
}
