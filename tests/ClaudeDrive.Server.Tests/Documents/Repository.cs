using System.Text.RegularExpressions;

namespace ClaudeDrive.Server.Tests.Documents;

/// <summary>The documents and sources of the repository that the tests run in.</summary>
internal static partial class Repository
{
    /// <summary>The folder that holds <c>ClaudeDrive.slnx</c>, found upwards from the tests' own.</summary>
    public static string Folder { get; } = Find();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Folder, path)).ReplaceLineEndings("\n");

    public static bool Has(string path) => Path.Exists(Path.Combine(Folder, path));

    /// <summary>README.md, the documents, and the READMEs of the source folders; relative to the repository, with slashes.</summary>
    public static IReadOnlyList<string> Documents { get; } =
    [
        "README.md", "CONTRIBUTING.md", .. Below("docs", "*.md"), .. Below("src", "README.md"), .. Below("tests", "README.md"),
    ];

    /// <summary>Files below a folder, build outputs left out.</summary>
    public static IEnumerable<string> Below(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Folder, folder), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(static part => part is "node_modules" or "bin" or "obj"))
            .Order(StringComparer.Ordinal);

    /// <summary>The text of a section: from its heading to the next of the same or a higher level.</summary>
    public static string Section(string document, string heading)
    {
        var lines = Read(document).Split('\n');
        var begin = Array.IndexOf(lines, heading);
        var level = heading.IndexOf(' ', StringComparison.Ordinal);
        return begin < 0
            ? throw new InvalidOperationException($"{document} has no heading '{heading}'.")
            : string.Join('\n', lines.Skip(begin + 1).TakeWhile(line => Heading().Match(line) is not { Success: true } next || next.Length - 1 > level));
    }

    /// <summary>The rows of the tables in a text, cell by cell.</summary>
    public static IEnumerable<string[]> Rows(string text) => text.Split('\n')
        .Where(static line => line.StartsWith('|') && !line.StartsWith("|---", StringComparison.Ordinal))
        .Select(static line => line.Trim('|').Split('|').Select(static cell => cell.Trim()).ToArray());

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ClaudeDrive.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    [GeneratedRegex("^#+ ")]
    private static partial Regex Heading();
}
