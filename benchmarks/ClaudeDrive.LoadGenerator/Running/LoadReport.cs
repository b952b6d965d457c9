using System.Text.Json.Serialization;

namespace ClaudeDrive.LoadGenerator.Running;

/// <summary>What a run found. Latencies in milliseconds: closed loop, from sending; at a fixed rate, from the instant the request was due.</summary>
internal sealed record LoadReport
{
    /// <summary>2xx answers per second of the measured window.</summary>
    public required double AcceptedPerSecond { get; init; }

    /// <summary>2xx answers within the window.</summary>
    public required long Accepted { get; init; }

    /// <summary>2xx answers of the whole run: what the receiver must have stored.</summary>
    public required long AcceptedInAll { get; init; }

    /// <summary>Other answers of the whole run.</summary>
    public required long Refused { get; init; }

    /// <summary>Connections that broke; each was opened anew, its request is not known to be stored.</summary>
    public required long Broken { get; init; }

    /// <summary>Requests without an answer at the end.</summary>
    public required long Unanswered { get; init; }

    public required double P50Ms { get; init; }

    public required double P90Ms { get; init; }

    public required double P99Ms { get; init; }

    public required double P999Ms { get; init; }

    public required double MaxMs { get; init; }

    /// <summary>Length of the window as it was.</summary>
    public required double Seconds { get; init; }

    /// <summary>Processor time of this generator within the window.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>Part of the window in which the one sending thread did not wait: near 1, the generator is the limit.</summary>
    public required double Busy { get; init; }

    /// <summary>True when the signed events were used up before the time was over: a larger <c>--requests</c> is needed.</summary>
    public required bool Exhausted { get; init; }

    public required int Connections { get; init; }

    public required int Rate { get; init; }

    public required int BodyBytes { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LoadReport))]
internal sealed partial class LoadReportJson : JsonSerializerContext;
