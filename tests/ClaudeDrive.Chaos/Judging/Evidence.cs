using System.Text.Json;
using ClaudeDrive.Chaos.Load;
using ClaudeDrive.Chaos.Nodes;
using ClaudeDrive.Chaos.Running;
using ClaudeDrive.Cli.Demo;
using ClaudeDrive.Contexts;

namespace ClaudeDrive.Chaos.Judging;

/// <summary>Everything that a run is judged by, taken when it had settled or given up. Plain data: a test may change any of it.</summary>
internal sealed record Evidence
{
    /// <summary>The truth.</summary>
    public required JsonElement Ledger { get; init; }

    /// <summary>What the nodes show.</summary>
    public required DemoView View { get; init; }

    /// <summary>Contexts of every kind but sessions, as the API lists them.</summary>
    public IReadOnlyList<JsonElement> Resources { get; init; } = [];

    /// <summary>Every revision of every session, oldest first.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ContextRevision>> Chains { get; init; } = new Dictionary<string, IReadOnlyList<ContextRevision>>();

    /// <summary>What people did.</summary>
    public IReadOnlyCollection<AnswerRecord> Answers { get; init; } = [];

    /// <summary>Of items that were acknowledged more than once: how often they became <c>answered</c>.</summary>
    public IReadOnlyDictionary<string, int> AnswerSteps { get; init; } = new Dictionary<string, int>();

    /// <summary>Refusals that people got and nothing explains.</summary>
    public IReadOnlyCollection<string> Refusals { get; init; } = [];

    /// <summary>Dead letters before they were retried.</summary>
    public IReadOnlyList<JsonElement> DeadLetters { get; init; } = [];

    /// <summary>The nodes.</summary>
    public IReadOnlyList<NodeEvidence> Nodes { get; init; } = [];

    /// <summary>Their memory.</summary>
    public IReadOnlyCollection<MemorySample> Memory { get; init; } = [];

    /// <summary>When a disk was full.</summary>
    public IReadOnlyCollection<FaultWindow> FullDisks { get; init; } = [];

    /// <summary>Faults that were asked for and could not be made, each as a sentence.</summary>
    public IReadOnlyList<string> NotExercised { get; init; } = [];
}

/// <summary>One node at the end.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Stats">Its own <c>stats</c>; null when it did not answer.</param>
/// <param name="SpoolFiles">Names of the files in its spool.</param>
/// <param name="Exits">Ends that nobody ordered.</param>
/// <param name="Leaks">Secrets in its log.</param>
internal sealed record NodeEvidence(
    int Number, JsonElement? Stats, IReadOnlyList<string> SpoolFiles, IReadOnlyCollection<string> Exits, IReadOnlyList<string> Leaks);
