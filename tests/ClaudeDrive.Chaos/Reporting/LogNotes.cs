using System.Globalization;
using ClaudeDrive.Chaos.Nodes;

namespace ClaudeDrive.Chaos.Reporting;

/// <summary>Picks the errors in the nodes' logs that the faults of a run do not explain.</summary>
internal static class LogNotes
{
    /// <summary>Events of level Error that these runs cause on purpose; <c>docs/operations.md</c> says what each means.</summary>
    private static readonly int[] Expected =
    [
        2001, // a worker cannot reach the store: a full disk, a database that is down
        2002, // work was left unfinished: the same
        2103, 2104, 2108, 2109, // the spool cannot be written: a full disk
        4103, // the sweep failed: the store was not there
    ];

    /// <summary>One line for each kind that is not expected.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<Node> nodes) =>
    [
        .. nodes.SelectMany(static node => node.Parts.Log.Errors.Select(error => (node.Number, Error: error)))
            .Where(static found => found.Error.Level == "Critical" || !Expected.Contains(found.Error.EventId))
            .Select(static found => string.Create(
                CultureInfo.InvariantCulture,
                $"node {found.Number} logged {found.Error.Count} x {found.Error.Level} {found.Error.EventId} of {found.Error.Category}: {found.Error.Message} {found.Error.Exception}")),
    ];
}
