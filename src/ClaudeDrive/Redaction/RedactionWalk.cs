using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace ClaudeDrive.Redaction;

/// <summary>One walk over one document: writes it again without what the rules take out. Depth is bounded by who parsed the document.</summary>
internal sealed class RedactionWalk(CompiledRule[] rules, Placeholders placeholders, IBufferWriter<byte> output) : IDisposable
{
    /// <summary>At or below the end of the rule's path. No path is long enough to use this bit.</summary>
    private const ulong Inside = 1UL << 63;

    private readonly Utf8JsonWriter _writer = new(output, new JsonWriterOptions { SkipValidation = true });

    /// <summary>Values changed so far, by rule.</summary>
    public Dictionary<string, int> Counts { get; } = new(StringComparer.Ordinal);

    /// <summary>Walks the document.</summary>
    public void Run(JsonElement document)
    {
        var places = Array.ConvertAll(rules, static rule => rule.Path is null ? Inside : JsonPath.Start);
        if (document.ValueKind is JsonValueKind.Object)
        {
            WriteDocument(document, places);
        }
        else
        {
            Write(document, places);
        }

        _writer.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private void WriteDocument(JsonElement document, ulong[] places)
    {
        _writer.WriteStartObject();
        foreach (var member in document.EnumerateObject())
        {
            if (member.NameEquals(Redactor.CountMember))
            {
                continue; // Ours to say.
            }

            _writer.WritePropertyName(member.Name);
            if (Redactor.IsKept(member.Name))
            {
                _writer.WriteRawValue(member.Value.GetRawText(), skipInputValidation: true);
            }
            else if (member.NameEquals("agent") && member.Value.ValueKind is JsonValueKind.Object)
            {
                WriteAgent(member.Value, Enter(places, member.Name, 0));
            }
            else
            {
                Write(member.Value, Enter(places, member.Name, 0));
            }
        }

        if (Counts.Count > 0)
        {
            _writer.WriteNumber(Redactor.CountMember, Counts.Values.Sum());
        }

        _writer.WriteEndObject();
    }

    // Grants name agents: which one it is stays.
    private void WriteAgent(JsonElement agent, ulong[] places)
    {
        if (TakesWhole(places) is { } rule)
        {
            Replace(rule);
            return;
        }

        _writer.WriteStartObject();
        foreach (var member in agent.EnumerateObject())
        {
            _writer.WritePropertyName(member.Name);
            if (member.NameEquals("id"))
            {
                _writer.WriteRawValue(member.Value.GetRawText(), skipInputValidation: true);
            }
            else
            {
                Write(member.Value, Enter(places, member.Name, 0));
            }
        }

        _writer.WriteEndObject();
    }

    private void Write(JsonElement value, ulong[] places)
    {
        if (TakesWhole(places) is { } rule)
        {
            Replace(rule);
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteMembers(value, places);
                break;
            case JsonValueKind.Array:
                _writer.WriteStartArray();
                var index = 0;
                foreach (var element in value.EnumerateArray())
                {
                    Write(element, Enter(places, null, index++));
                }

                _writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                WriteText(value, places);
                break;
            case JsonValueKind.Number when Matching(value.GetRawText(), places) is { } number:
                Replace(number);
                break;
            default:
                _writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
                break;
        }
    }

    // A name may be what must not be stored: {"ann@example.com": 3}. Two that are taken out of one object stay two.
    private void WriteMembers(JsonElement value, ulong[] places)
    {
        HashSet<string>? taken = null;
        _writer.WriteStartObject();
        foreach (var member in value.EnumerateObject())
        {
            var given = member.Name;
            var name = Replaced(given, places);
            if (!ReferenceEquals(name, given))
            {
                taken ??= new HashSet<string>(value.EnumerateObject().Select(static m => m.Name), StringComparer.Ordinal);
                var (plain, copy) = (name, 2);
                while (!taken.Add(name))
                {
                    name = string.Create(CultureInfo.InvariantCulture, $"{plain}#{copy++}");
                }
            }

            _writer.WritePropertyName(name);
            Write(member.Value, Enter(places, given, 0));
        }

        _writer.WriteEndObject();
    }

    private void WriteText(JsonElement value, ulong[] places)
    {
        var text = value.GetString()!;
        var replaced = Replaced(text, places);
        if (ReferenceEquals(replaced, text))
        {
            _writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
        }
        else
        {
            _writer.WriteStringValue(replaced);
        }
    }

    // Rules in their order; one never looks into what another put there.
    private string Replaced(string text, ulong[] places)
    {
        for (var i = 0; i < rules.Length; i++)
        {
            if (rules[i].Pattern is { } pattern && (places[i] & Inside) != 0 && pattern.IsMatch(text))
            {
                var replaced = placeholders.Replace(text, pattern, rules[i].Placeholder);
                Count(rules[i], ReferenceEquals(replaced, text) ? 0 : 1);
                text = replaced;
            }
        }

        return text;
    }

    private CompiledRule? Matching(string number, ulong[] places)
    {
        for (var i = 0; i < rules.Length; i++)
        {
            if (rules[i].Pattern is { } pattern && (places[i] & Inside) != 0 && pattern.IsMatch(number))
            {
                return rules[i];
            }
        }

        return null;
    }

    private CompiledRule? TakesWhole(ulong[] places)
    {
        for (var i = 0; i < rules.Length; i++)
        {
            if (rules[i].Pattern is null && (places[i] & Inside) != 0)
            {
                return rules[i];
            }
        }

        return null;
    }

    private void Replace(CompiledRule rule)
    {
        _writer.WriteStringValue(rule.Placeholder);
        Count(rule, 1);
    }

    private void Count(CompiledRule rule, int values)
    {
        if (values > 0)
        {
            Counts[rule.Name] = Counts.GetValueOrDefault(rule.Name) + values;
        }
    }

    private ulong[] Enter(ulong[] places, string? name, int index)
    {
        var next = new ulong[places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            var path = rules[i].Path;
            var entered = path is null || (places[i] & Inside) != 0 ? Inside : path.Enter(places[i], name, index);
            next[i] = entered != Inside && path!.IsAtEnd(entered) ? Inside : entered;
        }

        return next;
    }
}
