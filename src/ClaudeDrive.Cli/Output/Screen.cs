using Spectre.Console;
using Spectre.Console.Rendering;

namespace ClaudeDrive.Cli.Output;

/// <summary>
/// One output of the program. All text goes through here and is neutralised here; markup is never parsed,
/// so brackets in a tool's arguments stay brackets.
/// </summary>
internal sealed class Screen
{
    /// <summary>Wide enough that a command to copy is never broken by us; the terminal folds it itself.</summary>
    private const int Unbounded = 1_000_000;

    private readonly TextWriter _writer;
    private readonly IAnsiConsole _console;
    private readonly bool _colours;

    public Screen(TextWriter writer, bool colours, int width)
    {
        _writer = writer;
        Width = width;
        _colours = colours;
        _console = Open(writer, colours, width);
    }

    /// <summary>Columns to lay tables out in.</summary>
    public int Width { get; }

    /// <summary>Writes one line, however long.</summary>
    public void Line(params ReadOnlySpan<Piece> pieces)
    {
        var paragraph = new Paragraph();
        foreach (var piece in pieces)
        {
            paragraph.Append(UntrustedText.Line(piece.Value), piece.Style);
        }

        _console.Profile.Width = Unbounded;
        _console.Write(paragraph);
        _console.Profile.Width = Width;
        _writer.Write('\n');
    }

    public void Blank() => _writer.Write('\n');

    /// <summary>Writes several lines, folded at words to the width and indented.</summary>
    public void Block(string text, int indent, Style? style = null)
    {
        var body = new Text(UntrustedText.Block(text).TrimEnd('\n'), style);
        Layout(new Padder(body, new Padding(indent, 0, 0, 0)));
    }

    /// <summary>Writes several lines as they are, indented and not folded: code and JSON.</summary>
    public void Verbatim(string text, int indent)
    {
        var margin = new string(' ', indent);
        foreach (var line in UntrustedText.Block(text).TrimEnd('\n').Split('\n'))
        {
            Line(margin + line);
        }
    }

    /// <summary>Writes something laid out by the caller, whose text has been neutralised.</summary>
    public void Layout(IRenderable renderable)
    {
        if (_colours)
        {
            _console.Write(renderable);
            return;
        }

        // Layouts fill their cells with spaces, which a file or a pipe need not keep.
        using var laidOut = new StringWriter();
        Open(laidOut, colours: false, Width).Write(renderable);
        foreach (var line in laidOut.ToString().TrimEnd('\n').Split('\n'))
        {
            _writer.Write(line.TrimEnd());
            _writer.Write('\n');
        }
    }

    /// <summary>Writes one JSON document and a line end.</summary>
    public void Json(string json)
    {
        _writer.Write(UntrustedText.Json(json).TrimEnd());
        _writer.Write('\n');
    }

    public void Heading(string text)
    {
        Blank();
        Line(new Piece(text, Styles.Strong));
    }

    public void Hint(string label, string text)
    {
        Line(new Piece(label + ": ", Styles.Faint), text);
    }

    public void Failure(CliException failure)
    {
        var code = failure.Code is null ? string.Empty : $" ({failure.Code})";
        Line(new Piece("error: ", Styles.Bad), failure.Message + code);
        if (failure.NextStep is not null)
        {
            Hint("next", failure.NextStep);
        }
    }

    private static IAnsiConsole Open(TextWriter writer, bool colours, int width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Capabilities.Unicode = true;
        console.Profile.Width = width;
        return console;
    }
}
