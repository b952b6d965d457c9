using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace ClaudeDrive.PostgreSql.Connections;

/// <summary>
/// The statements of <c>Sql/*.sql</c> by the name on the line <c>-- name: …</c> above each, for one schema. <c>{OtherName}</c> stands for the text
/// of another entry, <c>{schema}</c> for the schema; <c>{where}</c> is left for a <see cref="SqlPredicate"/>.
/// </summary>
internal sealed partial class SqlCatalog
{
    private const string Prefix = "ClaudeDrive.PostgreSql.Sql.";
    private const string Marker = "-- name: ";

    private static readonly FrozenDictionary<string, string> Entries = Load();

    private readonly string _schema;
    private readonly FrozenDictionary<string, SqlText> _statements;

    /// <summary>Makes the catalog of a schema. The name must have been checked: it is put into the texts as it is.</summary>
    public SqlCatalog(string schema)
    {
        _schema = schema;
        _statements = Entries.ToFrozenDictionary(pair => pair.Key, pair => new SqlText(ForSchema(pair.Value, schema)), StringComparer.Ordinal);
    }

    /// <summary>The names of all entries.</summary>
    public static IEnumerable<string> Names => Entries.Keys;

    /// <summary>A statement; throws <see cref="KeyNotFoundException"/> when there is none of that name.</summary>
    public Statement Use(string name) => new(_statements[name]);

    /// <summary>A statement with conditions put in; their values are set.</summary>
    public Statement Use(string name, SqlPredicate where) => where.Bind(new Statement(Compose(name, where.Text)));

    /// <summary>The text of a statement with conditions put in.</summary>
    public SqlText Compose(string name, string where) =>
        new(ForSchema(Entries[name].Replace("{where}", where, StringComparison.Ordinal), _schema));

    /// <summary>Puts the schema into a text.</summary>
    public static string ForSchema(string text, string schema) => text.Replace("{schema}", schema, StringComparison.Ordinal);

    /// <summary>The text of an embedded file.</summary>
    public static string ReadResource(string name)
    {
        using var stream = typeof(SqlCatalog).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

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

        return texts.ToFrozenDictionary(pair => pair.Key, pair => Expand(pair.Value, texts), StringComparer.Ordinal);
    }

    private static string Expand(string text, Dictionary<string, string> texts) => Placeholder().Replace(
        text, match => texts.TryGetValue(match.Groups[1].Value, out var entry) ? Expand(entry, texts) : match.Value);

    [GeneratedRegex(@"\{(\w+)\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
