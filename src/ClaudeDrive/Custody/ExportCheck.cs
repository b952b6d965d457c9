using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ClaudeDrive.Custody;

/// <summary>Checks an export line by line, with memory for one line only. Needs no server and no store.</summary>
internal sealed class ExportCheck
{
    /// <summary>Version of the form of an export.</summary>
    public const int Version = 1;

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 512 };

    private readonly ExportChain _chain = new();
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>What is wrong, with its line; null while nothing is.</summary>
    public string? Problem { get; private set; }

    /// <summary>True when the closing line came and fitted.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Lines by kind, without the first and the closing one.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>The chain over all lines before the closing one.</summary>
    public string Hash => _chain.Hash;

    /// <summary>Lines seen, the closing one not counted.</summary>
    public long Lines => _chain.Lines;

    /// <summary>Takes the next line without its line feed; false when something is wrong.</summary>
    public bool Add(ReadOnlyMemory<byte> line)
    {
        if (Problem is not null)
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(line, Reading);
            Judge(document.RootElement, line.Span);
        }
        catch (JsonException)
        {
            Refuse("is no JSON");
        }

        return Problem is null;
    }

    /// <summary>Call after the last line: an export without its closing line was cut short.</summary>
    public bool End()
    {
        Problem ??= IsWhole ? null : "the closing line is missing: the export was cut short";
        return Problem is null;
    }

    private void Judge(JsonElement root, ReadOnlySpan<byte> line)
    {
        var kind = root.ValueKind is JsonValueKind.Object && root.TryGetProperty("kind", out var name) && name.ValueKind is JsonValueKind.String
            ? name.GetString()! : "";
        if (IsWhole)
        {
            Refuse("comes behind the closing line");
        }
        else if ((kind == "export") != (Lines == 0))
        {
            Refuse(Lines == 0 ? "is not the first line of an export" : "begins another export");
        }
        else if (kind == "end")
        {
            Close(root);
        }
        else if (kind.Length == 0 || !HasItsHash(root))
        {
            Refuse("does not fit its sha256");
        }
        else
        {
            if (kind != "export")
            {
                _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
            }

            _chain.Add(line);
        }
    }

    private void Close(JsonElement root)
    {
        if (!root.TryGetProperty("chain", out var chain) || chain.ValueKind is not JsonValueKind.String || chain.GetString() != _chain.Hash)
        {
            Refuse("has another chain of hashes than the lines before it: one was changed, removed, added or moved");
        }
        else if (!root.TryGetProperty("lines", out var lines) || !lines.TryGetInt64(out var count) || count != Lines || !HasCounts(root))
        {
            Refuse("counts other lines than there are");
        }
        else
        {
            IsWhole = true;
        }
    }

    private bool HasCounts(JsonElement root) =>
        root.TryGetProperty("counts", out var counts) && counts.ValueKind is JsonValueKind.Object
        && counts.EnumerateObject().Count() == _counts.Count
        && counts.EnumerateObject().All(pair => pair.Value.TryGetInt64(out var count) && _counts.GetValueOrDefault(pair.Name) == count);

    private static bool HasItsHash(JsonElement root) =>
        root.TryGetProperty("data", out var data) && root.TryGetProperty("sha256", out var hash) && hash.ValueKind is JsonValueKind.String
        && hash.GetString() == ExportChain.OfData(JsonMarshal.GetRawUtf8Value(data));

    private void Refuse(string problem) => Problem = string.Create(CultureInfo.InvariantCulture, $"line {Lines + 1} {problem}");
}
