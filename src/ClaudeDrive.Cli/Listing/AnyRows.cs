using System.Text.Json;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Cli.Listing;

/// <summary>A table of rows whose fields are not known beforehand: one column for each field with a short value.</summary>
internal static class AnyRows
{
    private const int MostColumns = 10;

    public static void Write(Screen screen, IReadOnlyList<JsonElement> rows, DateTimeOffset now, int indent)
    {
        var objects = rows.Where(row => row.ValueKind == JsonValueKind.Object).ToList();
        var names = objects.SelectMany(row => row.EnumerateObject())
            .Where(field => field.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
            .Where(field => field.Value.ValueKind != JsonValueKind.Array || field.Value.GetArrayLength() is > 0 and <= 4)
            .Select(field => field.Name)
            .Distinct(StringComparer.Ordinal)
            .Take(MostColumns)
            .ToList();
        if (names.Count > 0)
        {
            RowTable.Write(screen, [.. names.Select((name, index) => ColumnFor(name, index, now))], objects, indent);
        }

        foreach (var row in rows.Where(row => row.ValueKind != JsonValueKind.Object))
        {
            screen.Line(new string(' ', indent) + row.Plain());
        }
    }

    private static Column ColumnFor(string name, int index, DateTimeOffset now)
    {
        var header = name.Replace('_', ' ').ToUpperInvariant();
        return name switch
        {
            _ when name.EndsWith("_at", StringComparison.Ordinal) || name == "at" =>
                new Column(header, row => row.Instant(name) is { } at ? Ages.Both(at, now) : row.Text(name) ?? string.Empty, index),
            "state" or "status" or "outcome" or "send_state" => Column.State(header, name, index),
            _ when name.EndsWith("_id", StringComparison.Ordinal) || name == "id" => Column.Id(header, name, index),
            _ => Column.Text(header, name, index),
        };
    }
}
