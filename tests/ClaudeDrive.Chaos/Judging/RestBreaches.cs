using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Chaos.Judging;

/// <summary>At rest nothing is due, nothing is leased, and no spool holds anything.</summary>
internal static class RestBreaches
{
    public static IEnumerable<string> Find(Evidence evidence) => evidence.Nodes.SelectMany(Find);

    private static IEnumerable<string> Find(NodeEvidence node)
    {
        if (node.Stats is not { } stats)
        {
            yield return FormattableString.Invariant($"node {node.Number} does not answer");
            yield break;
        }

        foreach (var (part, count) in ((string, string)[])[("work", "due"), ("work", "leased"), ("events", "pending"), ("spool", "records")])
        {
            if (stats.Child(part)?.Number(count) is not 0)
            {
                yield return FormattableString.Invariant($"node {node.Number} at rest: {part}.{count} is {stats.Child(part)?.Number(count)}");
            }
        }

        // A torn tail is what a kill leaves of a write that nobody was told about; everything else that is set aside may hold an acknowledged delivery.
        foreach (var file in node.SpoolFiles.Where(static file => file.Contains(".spool", StringComparison.Ordinal) && !file.EndsWith(".torn", StringComparison.Ordinal)))
        {
            yield return FormattableString.Invariant($"node {node.Number} at rest: the spool still holds {file}");
        }
    }
}
