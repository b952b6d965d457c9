namespace ClaudeDrive.Redaction;

/// <summary>
/// Places in a JSON document: the part of RFC 9535 that names members and elements (<c>$.a['b c'][0]</c>, <c>.*</c>, <c>[*]</c>, <c>..a</c>). Filters,
/// slices, unions and places counted from the end are refused. Matched while a document is walked once: a set of positions in the path, as bits.
/// </summary>
internal sealed class JsonPath
{
    /// <summary>Steps at most, so that the positions fit into 64 bits with room. Chosen.</summary>
    public const int MaxSteps = 32;

    private readonly PathStep[] _steps;

    private JsonPath(PathStep[] steps) => _steps = steps;

    /// <summary>The positions at the root of a document.</summary>
    public static ulong Start => 1;

    /// <summary>The steps from the root; none for the root itself.</summary>
    public IReadOnlyList<PathStep> Steps => _steps;

    /// <summary>Reads a path; null and what is wrong when it is not one that is understood.</summary>
    public static JsonPath? Parse(string text, out string problem)
    {
        var reader = new JsonPathReader(text);
        var steps = reader.Read();
        problem = reader.Problem ?? (steps.Count == 0 ? "names the whole document" : steps.Count > MaxSteps ? $"has more than {MaxSteps} steps" : "");
        return problem.Length == 0 ? new JsonPath([.. steps]) : null;
    }

    /// <summary>The positions at a child: a member by name, or an element by place (then <paramref name="name"/> is null).</summary>
    public ulong Enter(ulong positions, string? name, int index)
    {
        var next = 0UL;
        for (var i = 0; i < _steps.Length; i++)
        {
            var bit = 1UL << i;
            if ((positions & bit) == 0)
            {
                continue;
            }

            next |= _steps[i].IsDescendant ? bit : 0;
            next |= _steps[i].Matches(name, index) ? bit << 1 : 0;
        }

        return next;
    }

    /// <summary>True when the path ends at these positions.</summary>
    public bool IsAtEnd(ulong positions) => (positions & (1UL << _steps.Length)) != 0;
}
