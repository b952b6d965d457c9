using ClaudeDrive.Cli.Output;
using ClaudeDrive.Contexts;

namespace ClaudeDrive.Chaos.Judging;

/// <summary>Every chain of revisions is whole: numbers without gaps, each hash recomputed from what the API shows (invariant 3).</summary>
internal static class ChainBreaches
{
    public static IEnumerable<string> Find(Evidence evidence)
    {
        foreach (var session in evidence.View.Sessions)
        {
            var id = session.Text("session_id") ?? "";
            if ((evidence.Chains.GetValueOrDefault(id)?.Count ?? 0) != session.Number("revision"))
            {
                yield return $"session {id} is at revision {session.Number("revision")}, and {evidence.Chains.GetValueOrDefault(id)?.Count ?? 0} can be read";
            }
        }

        foreach (var (id, chain) in evidence.Chains)
        {
            var previous = RevisionHash.Genesis;
            for (var index = 0; index < chain.Count; index++)
            {
                if (chain[index].Number != index + 1 || !RevisionHash.Verify(chain[index], previous))
                {
                    yield return FormattableString.Invariant($"session {id}: revision {chain[index].Number} breaks the chain");
                    break;
                }

                previous = chain[index].Hash;
            }
        }
    }
}
