namespace ClaudeDrive.Cli.Access;

/// <summary>One expectation and what is so.</summary>
/// <param name="Team">The team.</param>
/// <param name="Resource">The resource.</param>
/// <param name="Expected">A role, <c>none</c> or <c>any</c>.</param>
/// <param name="Actual">A role or <c>none</c>.</param>
internal sealed record AccessVerdict(string Team, string Resource, string Expected, string Actual)
{
    /// <summary>True when it is as expected; <c>any</c> is every role.</summary>
    public bool IsRight => Expected == "any" ? Actual != "none" : Expected == Actual;

    public override string ToString() => $"{Team} on {Resource}: expected {Expected}, is {Actual}";
}
