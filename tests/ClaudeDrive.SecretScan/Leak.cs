using System.Globalization;

namespace ClaudeDrive.SecretScan;

/// <summary>A place where a secret was found. Does not hold the secret.</summary>
/// <param name="File">The file, relative to what was scanned.</param>
/// <param name="Offset">Where in the file, in bytes.</param>
/// <param name="Kind">What it looks like.</param>
internal sealed record Leak(string File, long Offset, string Kind)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File} byte {Offset}: {Kind}");
}
