using System.Buffers;
using System.Text.Json;

namespace ClaudeDrive.Custody;

/// <summary>Writes the lines of an export, and its chain with them.</summary>
internal sealed class ExportLine
{
    private readonly ExportChain _chain = new();
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly ArrayBufferWriter<byte> _line = new(4096);

    /// <summary>Lines so far.</summary>
    public long Lines => _chain.Lines;

    /// <summary>The chain so far.</summary>
    public string Hash => _chain.Hash;

    /// <summary>A line of some data, with its line feed. Valid until the next one. The kind <c>export</c> is the first line and is not counted.</summary>
    public ReadOnlyMemory<byte> Write(string kind, string? resourceType, string? resourceId, ReadOnlySpan<byte> data)
    {
        _line.ResetWrittenCount();
        data = WithoutLineEnds(data);
        using (var writer = new Utf8JsonWriter(_line))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", kind);
            if (resourceType is not null)
            {
                writer.WriteString("resource_type", resourceType);
                writer.WriteString("resource_id", resourceId);
            }

            writer.WriteString("sha256", ExportChain.OfData(data));
            writer.WritePropertyName("data");
            writer.WriteRawValue(data, skipInputValidation: true);
            writer.WriteEndObject();
        }

        _chain.Add(_line.WrittenSpan);
        if (kind != "export")
        {
            _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        }

        return WithLineFeed();
    }

    /// <summary>The closing line.</summary>
    public ReadOnlyMemory<byte> Close()
    {
        _line.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_line))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", "end");
            writer.WriteNumber("lines", _chain.Lines);
            writer.WriteStartObject("counts");
            foreach (var (kind, count) in _counts)
            {
                writer.WriteNumber(kind, count);
            }

            writer.WriteEndObject();
            writer.WriteString("chain", _chain.Hash);
            writer.WriteEndObject();
        }

        return WithLineFeed();
    }

    // Stored JSON may hold line ends between its tokens, and nowhere else.
    private static ReadOnlySpan<byte> WithoutLineEnds(ReadOnlySpan<byte> data)
    {
        if (!data.ContainsAny((byte)'\n', (byte)'\r'))
        {
            return data;
        }

        var copy = data.ToArray();
        copy.AsSpan().Replace((byte)'\n', (byte)' ');
        copy.AsSpan().Replace((byte)'\r', (byte)' ');
        return copy;
    }

    private ReadOnlyMemory<byte> WithLineFeed()
    {
        _line.Write("\n"u8);
        return _line.WrittenMemory;
    }
}
