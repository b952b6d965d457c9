using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace ClaudeDrive.Sqlite.Connections;

/// <summary>
/// The statements of <c>Sql/*.sql</c> by the name on the line <c>-- name: …</c> above each. <c>{OtherName}</c> stands for the text of another
/// entry; <c>{where}</c> is left for a <see cref="SqlPredicate"/>.
/// </summary>
internal static partial class SqlCatalog
{
    private const string Prefix = "ClaudeDrive.Sqlite.Sql.";
    private const string Marker = "-- name: ";

    private static readonly FrozenDictionary<string, string> Statements = Load();

    /// <summary>The names of all entries.</summary>
    public static IEnumerable<string> Names => Statements.Keys;

    /// <summary>The text of a statement; throws <see cref="KeyNotFoundException"/> when there is none of that name.</summary>
    public static string Find(string name) => Statements[name];

    private static FrozenDictionary<string, string> Load()
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var resource in typeof(SqlCatalog).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            foreach (var entry in ReadResource(resource).Split(Marker).Skip(1))
            {
                var end = entry.IndexOf('\n', StringComparison.Ordinal);
                texts.Add(entry[..end].Trim(), entry[(end + 1)..].Trim().TrimEnd(';'));
            }
        }

        return texts.ToFrozenDictionary(
            pair => pair.Key,
            pair => Placeholder().Replace(pair.Value, match => texts.GetValueOrDefault(match.Groups[1].Value, match.Value)),
            StringComparer.Ordinal);
    }

    /// <summary>The text of an embedded file.</summary>
    public static string ReadResource(string name)
    {
        using var stream = typeof(SqlCatalog).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"\{(\w+)\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
