using System.Globalization;
using System.Text;

namespace ClaudeDrive.Redaction;

/// <summary>Reads the text of a path, step by step, and says where it stops making sense.</summary>
internal sealed class JsonPathReader(string text)
{
    private int _at;

    /// <summary>What is wrong; null while nothing is.</summary>
    public string? Problem { get; private set; }

    /// <summary>The steps; those before the problem when there is one.</summary>
    public List<PathStep> Read()
    {
        List<PathStep> steps = [];
        if (!Take('$'))
        {
            Problem = "does not begin with $";
            return steps;
        }

        while (Problem is null && _at < text.Length)
        {
            var isDescendant = text.AsSpan(_at).StartsWith("..", StringComparison.Ordinal);
            _at += isDescendant ? 2 : 0;
            var step = Take('[') ? ReadBracket() : isDescendant || Take('.') ? ReadName() : Refuse("expects . or [");
            steps.Add(step with { IsDescendant = isDescendant });
        }

        return steps;
    }

    private PathStep ReadName()
    {
        if (Take('*'))
        {
            return default;
        }

        var from = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_' || !char.IsAscii(text[_at])))
        {
            _at++;
        }

        return _at > from && !char.IsAsciiDigit(text[from])
            ? new PathStep(text[from.._at], null, IsDescendant: false)
            : Refuse("expects a name; other than letters, digits and _ it is written ['…']");
    }

    private PathStep ReadBracket()
    {
        PathStep step;
        if (Take('*'))
        {
            step = default;
        }
        else if (_at < text.Length && text[_at] is '\'' or '"')
        {
            step = ReadQuoted(text[_at++]);
        }
        else
        {
            var from = _at;
            while (_at < text.Length && char.IsAsciiDigit(text[_at]))
            {
                _at++;
            }

            step = int.TryParse(text.AsSpan(from, _at - from), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                ? new PathStep(null, index, IsDescendant: false)
                : Refuse("expects *, a quoted name or a place from 0; filters, slices and lists are not understood");
        }

        return Problem is null && !Take(']') ? Refuse("expects ]") : step;
    }

    private PathStep ReadQuoted(char quote)
    {
        var name = new StringBuilder();
        while (_at < text.Length && text[_at] != quote)
        {
            _at += text[_at] == '\\' && _at + 1 < text.Length ? 1 : 0;
            name.Append(text[_at++]);
        }

        return Take(quote) ? new PathStep(name.ToString(), null, IsDescendant: false) : Refuse("expects the closing quote");
    }

    private bool Take(char expected)
    {
        var isThere = _at < text.Length && text[_at] == expected;
        _at += isThere ? 1 : 0;
        return isThere;
    }

    private PathStep Refuse(string problem)
    {
        Problem ??= string.Create(CultureInfo.InvariantCulture, $"{problem} at character {_at + 1}");
        return default;
    }
}
