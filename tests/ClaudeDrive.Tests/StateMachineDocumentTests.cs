using System.Text;
using System.Text.RegularExpressions;
using ClaudeDrive.Contexts;
using ClaudeDrive.Inbox;
using ClaudeDrive.Review;
using Xunit;

namespace ClaudeDrive.Tests;

/// <summary>The tables and the diagrams of docs/state-machine.md against the transitions in code.</summary>
public sealed partial class StateMachineDocumentTests
{
    [Fact]
    public void Events_TableAndDiagram_AreTheTransitionsInCode() =>
        AssertSame("Events", EventTransitions.All.Select(static edge => (Snake(edge.From), Snake(edge.To))));

    [Fact]
    public void Reviews_TableAndDiagram_AreTheTransitionsInCode() =>
        AssertSame("Review items", ReviewTransitions.All.Select(static edge => (Snake(edge.From), Snake(edge.To))));

    [Fact]
    public void Sessions_TableAndDiagram_AreTheTransitionsInCode() => AssertSame("Sessions", ContextTransitions.Session);

    [Fact]
    public void Reviews_FinalStates_AreThoseThatNothingLeaves()
    {
        foreach (var state in Enum.GetValues<ReviewState>())
        {
            Assert.Equal(ReviewTransitions.IsFinal(state), ReviewTransitions.All.All(edge => edge.From != state));
        }
    }

    private static void AssertSame(string heading, IEnumerable<(string From, string To)> code)
    {
        var section = Section(heading);
        var rows = TableRow().Matches(section).Select(static row => (row.Groups["from"].Value, row.Groups["to"].Value)).ToArray();
        var arrows = Arrow().Matches(section).Select(static row => (row.Groups["from"].Value, row.Groups["to"].Value))
            .Where(static edge => edge.Item1 != "[*]" && edge.Item2 != "[*]").ToArray();

        var expected = code.Order().ToArray();
        Assert.Equal(expected, rows.Order());
        Assert.Equal(expected, arrows.Order());
    }

    private static string Section(string heading)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "docs", "state-machine.md"));
        var start = text.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"No section {heading}.");
        var end = text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }

    private static string Snake(Enum state)
    {
        var name = new StringBuilder();
        foreach (var letter in state.ToString())
        {
            name.Append(char.IsUpper(letter) && name.Length > 0 ? "_" : "").Append(char.ToLowerInvariant(letter));
        }

        return name.ToString();
    }

    [GeneratedRegex(@"^\| `(?<from>\w+)` \| `(?<to>\w+)` \| .+ \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TableRow();

    [GeneratedRegex(@"^\s*(?<from>\S+) --> (?<to>\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Arrow();
}
