using ClaudeDrive.Cli.Demo;

namespace ClaudeDrive.Chaos.Judging;

/// <summary>Every breach of a run, each as one sentence. Pure.</summary>
internal static class Verdict
{
    /// <summary>All of them; none means that the run proves what it is for.</summary>
    public static IReadOnlyList<string> Find(Evidence evidence) =>
    [
        .. new DemoComparison(evidence.Ledger, evidence.View).Run(),
        .. EventBreaches.Find(evidence),
        .. ResourceBreaches.Find(evidence),
        .. ChainBreaches.Find(evidence),
        .. AnswerBreaches.Find(evidence),
        .. DeliveryBreaches.Find(evidence),
        .. RestBreaches.Find(evidence),
        .. evidence.Nodes.SelectMany(static node => node.Exits),
        .. evidence.Nodes.SelectMany(static node => node.Leaks.Select(leak => FormattableString.Invariant($"log of node {node.Number}: {leak}"))),
        .. MemoryBound.Find(evidence.Memory),
        .. evidence.Refusals,
        .. evidence.NotExercised,
    ];
}
