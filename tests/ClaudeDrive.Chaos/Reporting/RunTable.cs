namespace ClaudeDrive.Chaos.Reporting;

/// <summary>Shows a run's figures.</summary>
internal static class RunTable
{
    /// <summary>For a terminal: one figure a line.</summary>
    public static string ForPeople(RunRow row)
    {
        var width = row.Figures.Max(static figure => figure.Name.Length);
        return string.Join('\n', row.Figures.Select(figure => $"  {figure.Name.PadRight(width)}  {figure.Value}"));
    }

    /// <summary>For a document: one row of a Markdown table.</summary>
    public static string MarkdownRow(RunRow row) => "| " + string.Join(" | ", row.Figures.Select(static figure => figure.Value)) + " |";

    /// <summary>For a document: the table's head.</summary>
    public static string MarkdownHead(RunRow row) =>
        "| " + string.Join(" | ", row.Figures.Select(static figure => figure.Name)) + " |\n|" + string.Concat(row.Figures.Select(static _ => "---|"));

    /// <summary>Appends the row to a file; a file that is new gets the head first.</summary>
    public static async Task AppendAsync(string path, RunRow row, CancellationToken cancellationToken)
    {
        var head = File.Exists(path) ? "" : MarkdownHead(row) + "\n";
        await File.AppendAllTextAsync(path, head + MarkdownRow(row) + "\n", cancellationToken);
    }
}
