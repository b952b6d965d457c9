namespace ClaudeDrive.Fuzz;

/// <summary>A part of the program that reads bytes of strangers, with what must hold whatever they are.</summary>
internal interface IFuzzTarget
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>Inputs that are understood, to begin from; the same at every call.</summary>
    IEnumerable<byte[]> Seeds();

    /// <summary>Pieces that mean something to this target, for mutations.</summary>
    IReadOnlyList<byte[]> Tokens { get; }

    /// <summary>Reads one input. Throws <see cref="FindingException"/> when something does not hold; every other exception is a finding too.</summary>
    void Run(ReadOnlySpan<byte> input);
}
