using System.Text.Json;
using Spectre.Console;

namespace ClaudeDrive.Cli.Output;

/// <summary>Names and values below each other; rows without a value are left out.</summary>
internal sealed class FieldList
{
    private readonly List<(string Name, Piece Value)> _fields = [];

    public FieldList Add(string name, Piece value)
    {
        if (!string.IsNullOrEmpty(value.Value))
        {
            _fields.Add((name, value));
        }

        return this;
    }

    public FieldList Add(string name, JsonElement owner, params ReadOnlySpan<string> fields)
    {
        return Add(name, owner.Text(fields) ?? string.Empty);
    }

    public FieldList AddState(string name, JsonElement owner, string field)
    {
        return Add(name, Styles.State(owner.Text(field)));
    }

    public FieldList AddTime(string name, JsonElement owner, DateTimeOffset now, params ReadOnlySpan<string> fields)
    {
        return owner.Instant(fields) is { } instant ? Add(name, Ages.Both(instant, now)) : this;
    }

    public void Write(Screen screen, int indent = 0)
    {
        if (_fields.Count == 0)
        {
            return;
        }

        var grid = new Grid();
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(indent, 0, 2, 0) });
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        foreach (var (name, value) in _fields)
        {
            grid.AddRow(new Text(UntrustedText.Line(name), Styles.Faint), new Text(UntrustedText.Line(value.Value), value.Style));
        }

        screen.Layout(grid);
    }
}
