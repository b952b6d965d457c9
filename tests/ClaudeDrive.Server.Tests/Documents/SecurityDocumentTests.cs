using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace ClaudeDrive.Server.Tests.Documents;

/// <summary>The checklist of <c>docs/security.md</c> answers every requirement, and nothing else.</summary>
public sealed partial class SecurityDocumentTests
{
    private const string Security = "docs/security.md";

    private static readonly string[] Answers = ["yes", "partly", "not yet", "operator", "none"];

    /// <summary>Level 2 of OWASP ASVS 4.0.3, by section: the last number, and what is left out below it (deleted, or of level 3 only).</summary>
    private static readonly (string Section, int Last, int[] LeftOut)[] LevelTwo =
    [
        ("1.1", 7, []), ("1.2", 4, []), ("1.4", 5, [2, 3]), ("1.5", 4, []), ("1.6", 4, []), ("1.7", 2, []), ("1.8", 2, []), ("1.9", 2, []), ("1.10", 1, []),
        ("1.11", 2, []), ("1.12", 2, [1]), ("1.14", 6, []), ("2.1", 12, []), ("2.2", 3, []), ("2.3", 3, []), ("2.4", 5, []), ("2.5", 7, []), ("2.6", 3, []),
        ("2.7", 6, []), ("2.8", 6, []), ("2.9", 3, []), ("2.10", 4, []), ("3.1", 1, []), ("3.2", 4, []), ("3.3", 4, []), ("3.4", 5, []), ("3.5", 3, []),
        ("3.7", 1, []), ("4.1", 5, [4]), ("4.2", 2, []), ("4.3", 3, []), ("5.1", 5, []), ("5.2", 8, []), ("5.3", 10, []), ("5.4", 3, []), ("5.5", 4, []),
        ("6.1", 3, []), ("6.2", 6, []), ("6.3", 2, []), ("6.4", 2, []), ("7.1", 4, []), ("7.2", 2, []), ("7.3", 4, [2]), ("7.4", 3, []), ("8.1", 4, []),
        ("8.2", 3, []), ("8.3", 8, []), ("9.1", 3, []), ("9.2", 4, []), ("10.2", 2, []), ("10.3", 3, []), ("11.1", 8, []), ("12.1", 3, []), ("12.2", 1, []),
        ("12.3", 6, []), ("12.4", 2, []), ("12.5", 2, []), ("12.6", 1, []), ("13.1", 5, [2]), ("13.2", 6, [4]), ("13.3", 2, []), ("13.4", 2, []),
        ("14.1", 4, []), ("14.2", 6, []), ("14.3", 3, [1]), ("14.4", 7, []), ("14.5", 4, []),
    ];

    private static IEnumerable<string[]> Rows =>
        Repository.Rows(Repository.Section(Security, "## OWASP ASVS 4.0.3, level 2")).Where(static row => row[0] != "requirement");

    [Fact]
    public void Checklist_EveryRequirementOfLevelTwo_IsAnsweredOnce()
    {
        var expected = LevelTwo.SelectMany(static s => Enumerable.Range(1, s.Last).Except(s.LeftOut).Select(n => Id(s.Section, n))).ToList();
        Assert.Equal(258, expected.Count);
        Assert.Equal(expected.Order(StringComparer.Ordinal), Rows.SelectMany(static row => Ids(row[0])).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Checklist_EveryRow_HasAnAnswerAndSaysWhatIsMissing()
    {
        Assert.All(Rows, static row => Assert.Contains(row[1], Answers));
        Assert.All(Rows.Where(static row => row[1] == "partly"), static row => Assert.NotEmpty(row[2]));
    }

    // "1.6.1, 1.6.3 to 1.6.5 some words"
    private static IEnumerable<string> Ids(string cell) => Range().Matches(cell).SelectMany(static match =>
    {
        var first = int.Parse(match.Groups["first"].Value, CultureInfo.InvariantCulture);
        var last = match.Groups["last"] is { Success: true } end ? int.Parse(end.Value, CultureInfo.InvariantCulture) : first;
        return Enumerable.Range(first, last - first + 1).Select(n => Id(match.Groups["section"].Value, n));
    });

    private static string Id(string section, int number) => string.Create(CultureInfo.InvariantCulture, $"{section}.{number}");

    [GeneratedRegex(@"(?<section>\d+\.\d+)\.(?<first>\d+)(?: to \d+\.\d+\.(?<last>\d+))?")]
    private static partial Regex Range();
}
