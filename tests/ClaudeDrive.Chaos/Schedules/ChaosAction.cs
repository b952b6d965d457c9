using System.Globalization;
using ClaudeDrive.Chaos.Links;

namespace ClaudeDrive.Chaos.Schedules;

/// <summary>One fault of a run.</summary>
/// <param name="At">When it begins, from the start of the run.</param>
/// <param name="For">How long it lasts; above zero.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Node">The node it hits, from 1; 0 when it hits none in particular.</param>
internal sealed record ChaosAction(TimeSpan At, TimeSpan For, ActionKind Kind, int Node)
{
    /// <summary>When it ends.</summary>
    public TimeSpan End => At + For;

    /// <summary>Of a link: its mode.</summary>
    public LinkMode Mode { get; init; }

    /// <summary>Of a link in <see cref="LinkMode.Latency"/>: the mean wait of a piece.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Of a storm: the simulator's fault.</summary>
    public string Fault { get; init; } = "";

    /// <summary>Of a storm: the part of the requests that it hits, 0 to 1.</summary>
    public double Rate { get; init; }

    /// <summary>For people.</summary>
    public override string ToString()
    {
        var what = Kind switch
        {
            ActionKind.ApiLink or ActionKind.DatabaseLink => $"{Kind} {Mode}",
            ActionKind.ApiStorm => string.Create(CultureInfo.InvariantCulture, $"{Kind} {Fault} {Rate:P0}"),
            _ => Kind.ToString(),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{At.TotalSeconds,7:F1}s for {For.TotalSeconds,4:F1}s  {what}{(Node > 0 ? $" node {Node}" : "")}");
    }
}
