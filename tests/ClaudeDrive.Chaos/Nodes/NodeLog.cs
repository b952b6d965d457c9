using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ClaudeDrive.Cli.Output;

namespace ClaudeDrive.Chaos.Nodes;

/// <summary>
/// What a node wrote, over all its lives: kept in a file, searched for secrets line by line, and its errors counted. Thread-safe. The file ends at
/// <see cref="MostBytes"/>; searching and counting do not.
/// </summary>
internal sealed partial class NodeLog : IDisposable
{
    /// <summary>Most that is kept of one node. Chosen: ten times what five stormy minutes write.</summary>
    private const long MostBytes = 256L * 1024 * 1024;

    /// <summary>Most kinds of errors that are told apart, and most leaks that are kept.</summary>
    private const int MostKinds = 50;

    private readonly Lock _gate = new();
    private readonly StreamWriter _file;
    private readonly IReadOnlyCollection<string> _secrets;
    private readonly Dictionary<string, LoggedError> _errors = new(StringComparer.Ordinal);
    private readonly List<string> _leaks = [];
    private long _lines;

    /// <summary>Opens the file; <paramref name="secrets"/> must never be seen in it.</summary>
    public NodeLog(string path, IReadOnlyCollection<string> secrets)
    {
        Path = path;
        _secrets = secrets;
        _file = new StreamWriter(path, append: true) { AutoFlush = true };
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Events of level Error and Critical, by id and category.</summary>
    public IReadOnlyList<LoggedError> Errors
    {
        get
        {
            lock (_gate)
            {
                return [.. _errors.Values];
            }
        }
    }

    /// <summary>Where a secret or a signature was seen: numbers of lines and what it was, never the secret.</summary>
    public IReadOnlyList<string> Leaks
    {
        get
        {
            lock (_gate)
            {
                return [.. _leaks];
            }
        }
    }

    /// <summary>Takes one line.</summary>
    public void Hear(string line)
    {
        lock (_gate)
        {
            _lines++;
            if (_file.BaseStream.CanWrite && _file.BaseStream.Position < MostBytes)
            {
                _file.WriteLine(line);
            }

            FindLeaks(line);
            Count(line);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
        }
    }

    private void FindLeaks(string line)
    {
        var what = _secrets.Any(secret => line.Contains(secret, StringComparison.Ordinal)) ? "a secret of the run"
            : line.Contains("whsec_", StringComparison.Ordinal) ? "a signing secret"
            : Signature().IsMatch(line) ? "a signature"
            : null;
        if (what is not null && _leaks.Count < MostKinds)
        {
            _leaks.Add(string.Create(CultureInfo.InvariantCulture, $"line {_lines} holds {what}"));
        }
    }

    private void Count(string line)
    {
        // Most lines are no errors: parsing them all would cost more than the node that wrote them.
        if (line is not ['{', ..] || (!line.Contains("\"Error\"", StringComparison.Ordinal) && !line.Contains("\"Critical\"", StringComparison.Ordinal)))
        {
            return;
        }

        JsonElement entry;
        try
        {
            using var document = JsonDocument.Parse(line);
            entry = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return; // A line that a kill cut short.
        }

        if (entry.Text("LogLevel") is not ("Error" or "Critical"))
        {
            return;
        }

        var (id, category) = ((int)(entry.Number("EventId") ?? 0), entry.Text("Category") ?? "");
        var key = string.Create(CultureInfo.InvariantCulture, $"{id} {category} {entry.Text("LogLevel")}");
        if (_errors.TryGetValue(key, out var known))
        {
            _errors[key] = known with { Count = known.Count + 1 };
        }
        else if (_errors.Count < MostKinds)
        {
            _errors[key] = new LoggedError(id, category, entry.Text("LogLevel")!, entry.Text("Message") ?? "", FirstLine(entry.Text("Exception")), 1);
        }
    }

    private static string? FirstLine(string? exception) => exception?.Split('\n')[0].Trim();

    // What a Standard Webhooks signature looks like: at least the 32 bytes of an HMAC-SHA256 in base64.
    [GeneratedRegex("v1,[A-Za-z0-9+/]{40,}")]
    private static partial Regex Signature();
}

/// <summary>An event of level Error or Critical.</summary>
/// <param name="EventId">Its id.</param>
/// <param name="Category">Who logged it.</param>
/// <param name="Level"><c>Error</c> or <c>Critical</c>.</param>
/// <param name="Message">The message of the first one.</param>
/// <param name="Exception">First line of the exception of the first one.</param>
/// <param name="Count">How many there were.</param>
internal sealed record LoggedError(int EventId, string Category, string Level, string Message, string? Exception, int Count);
