using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ClaudeDrive.Cli.Running;

/// <summary>Writes the bodies of requests.</summary>
internal static class JsonText
{
    /// <summary>An object of texts; what is null is left out.</summary>
    public static string Of(params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in fields)
            {
                if (value is not null)
                {
                    writer.WriteString(name, value);
                }
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
