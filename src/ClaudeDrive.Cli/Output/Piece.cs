using Spectre.Console;

namespace ClaudeDrive.Cli.Output;

/// <summary>A bit of text with one style. Its text is untrusted until a <see cref="Screen"/> has neutralised it.</summary>
internal readonly record struct Piece(string Value, Style Style)
{
    public static implicit operator Piece(string value) => new(value, Styles.Plain);
}
