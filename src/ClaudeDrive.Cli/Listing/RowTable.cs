using System.Text.Json;
using ClaudeDrive.Cli.Output;
using Spectre.Console;

namespace ClaudeDrive.Cli.Listing;

/// <summary>
/// Lays rows out in the width there is: columns without any value go first, then the least important ones, so that ids
/// stay whole; only when nothing is left to leave out are cells folded.
/// </summary>
internal static class RowTable
{
    private const int Gap = 2;

    private const int ShortestText = 14;

    public static void Write(Screen screen, IReadOnlyList<Column> columns, IReadOnlyList<JsonElement> rows, int indent = 0)
    {
        var filled = columns
            .Select(column => new FilledColumn(column, UntrustedText.Line(column.Header), [.. rows.Select(row => Shorten(column.Cell(row), column.MaxWidth))]))
            .Where(column => column.Column.LeaveOut == 0 || column.Cells.Any(cell => cell.Value.Length > 0))
            .ToList();
        Fit(filled, screen.Width - indent);
        screen.Layout(new Padder(Build(filled, rows.Count), new Padding(indent, 0, 0, 0)));
    }

    /// <summary>Shortens the least important text while enough of it stays to be read, and leaves the column out otherwise.</summary>
    private static void Fit(List<FilledColumn> columns, int width)
    {
        while (columns.Sum(column => column.Width + Gap) - Gap - width is > 0 and var excess)
        {
            var least = columns.Where(column => column.Column.LeaveOut > 0).MaxBy(column => column.Column.LeaveOut)
                ?? columns.Where(column => column.IsText && column.Width > ShortestText).MaxBy(column => column.Width);
            if (least is null)
            {
                return;
            }

            var place = columns.IndexOf(least);
            if (least.IsText && (least.Width - excess >= ShortestText || least.Column.LeaveOut == 0))
            {
                columns[place] = least.ShortenedTo(Math.Max(least.Width - excess, ShortestText));
                if (least.Column.LeaveOut > 0)
                {
                    return;
                }
            }
            else
            {
                columns.RemoveAt(place);
            }
        }
    }

    private static Table Build(List<FilledColumn> columns, int rows)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var column in columns)
        {
            var header = new TableColumn(new Text(column.Header, Styles.Strong))
            {
                Padding = new Padding(0, 0, column == columns[^1] ? 0 : Gap, 0),
                Alignment = column.Column.RightAligned ? Justify.Right : Justify.Left,
            };
            table.AddColumn(header);
        }

        for (var row = 0; row < rows; row++)
        {
            table.AddRow(columns.Select(column => new Text(column.Cells[row].Value, column.Cells[row].Style)));
        }

        return table;
    }

    private static Piece Shorten(Piece cell, int width)
    {
        var text = UntrustedText.Line(cell.Value);
        if (width == int.MaxValue || text.GetCellWidth() <= width)
        {
            return cell with { Value = text };
        }

        var kept = text.AsSpan();
        while (kept.Length > 0 && (char.IsLowSurrogate(kept[^1]) || char.IsHighSurrogate(kept[^1])
            || kept.Length > width || kept.ToString().GetCellWidth() > width - 1))
        {
            kept = kept[..^1];
        }

        return cell with { Value = string.Concat(kept, "…") };
    }

    private sealed record FilledColumn(Column Column, string Header, Piece[] Cells)
    {
        public int Width { get; } = Math.Max(
            Header.GetCellWidth(),
            Cells.Length == 0 ? 0 : Cells.Max(cell => cell.Value.GetCellWidth()));

        /// <summary>True for text that may be shortened; ids may not.</summary>
        public bool IsText => Column.MaxWidth < int.MaxValue;

        public FilledColumn ShortenedTo(int width)
        {
            return new FilledColumn(Column, Shorten(Header, width).Value, [.. Cells.Select(cell => Shorten(cell, width))]);
        }
    }
}
