using System.Diagnostics.CodeAnalysis;

namespace ClaudeDrive.Fuzz;

/// <summary>An input showed that something does not hold.</summary>
internal sealed class FindingException(string message) : Exception(message)
{
    /// <summary>Throws unless it holds.</summary>
    public static void Unless([DoesNotReturnIf(false)] bool holds, string what)
    {
        if (!holds)
        {
            throw new FindingException(what);
        }
    }
}
