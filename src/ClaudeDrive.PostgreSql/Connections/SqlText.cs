using System.Text.RegularExpressions;

namespace ClaudeDrive.PostgreSql.Connections;

/// <summary>A statement as PostgreSQL takes it: <c>@name</c> has become <c>$n</c>, the same name the same number.</summary>
internal sealed partial class SqlText
{
    private readonly Dictionary<string, int> _positions = new(StringComparer.Ordinal);

    /// <summary>Translates a text of the catalog.</summary>
    public SqlText(string text)
    {
        Text = Parameter().Replace(Comment().Replace(text, ""), match => $"${PositionOf(match.Groups[1].Value)}");
        Names = [.. _positions.Keys];
    }

    /// <summary>What is sent.</summary>
    public string Text { get; }

    /// <summary>Names of the parameters by position from 0.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Position of a parameter from 0; throws <see cref="KeyNotFoundException"/> when the statement has none of that name.</summary>
    public int Find(string name) => _positions[name] - 1;

    private int PositionOf(string name)
    {
        if (!_positions.TryGetValue(name, out var position))
        {
            position = _positions.Count + 1;
            _positions.Add(name, position);
        }

        return position;
    }

    [GeneratedRegex(@"@(\w+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^\s*--.*\n?", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Comment();
}
