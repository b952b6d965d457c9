namespace ClaudeDrive.Fuzz;

/// <summary>Everything that can be fuzzed.</summary>
internal static class FuzzTargets
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["receiver", "parser", "cursor", "spool", "signature"];

    /// <summary>Makes one; null when there is none of that name.</summary>
    public static IFuzzTarget? Make(string name) => name switch
    {
        "receiver" => new ReceiverTarget(),
        "parser" => new ParserTarget(),
        "cursor" => new CursorTarget(),
        "spool" => new SpoolTarget(),
        "signature" => new SignatureTarget(),
        _ => null,
    };
}
