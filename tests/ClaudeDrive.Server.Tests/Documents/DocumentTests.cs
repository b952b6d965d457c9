using System.Text.RegularExpressions;
using Xunit;

namespace ClaudeDrive.Server.Tests.Documents;

/// <summary>What the documents quote and point at is there.</summary>
public sealed partial class DocumentTests
{
    private const int LongestLine = 160;

    [Fact]
    public void Link_EveryRelativeOne_LeadsToAFile()
    {
        var broken = from document in Repository.Documents
                     from Match link in Link().Matches(WithoutFences(Repository.Read(document)))
                     let target = link.Groups["target"].Value.Split('#')[0]
                     where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
                     where !Repository.Has(Path.Combine(Path.GetDirectoryName(document)!, target))
                     select $"{document}: {target}";
        Assert.Empty(broken);
    }

    [Fact]
    public void Path_EveryOneInBackticks_Exists()
    {
        var missing = from document in Repository.Documents
                      from Match path in PathInCode().Matches(WithoutFences(Repository.Read(document)))
                      where path.Value.IndexOfAny(['*', '<', '{', '…']) < 0 && !Repository.Has(path.Value.Trim('`'))
                      select $"{document}: {path.Value}";
        Assert.Empty(missing);
    }

    [Fact]
    public void Test_EveryOneNamed_Exists()
    {
        var missing = from document in Repository.Documents
                      from Match test in TestInCode().Matches(Repository.Read(document))
                      let method = $" {test.Groups["method"].Value}("
                      where !Repository.Below("tests", test.Groups["class"].Value + "*.cs")
                          .Any(file => Repository.Read(file).Contains(method, StringComparison.Ordinal))
                      select $"{document}: {test.Value}";
        Assert.Empty(missing);
    }

    [Fact]
    public void Block_EveryOneCopied_IsTheSameAsItsSource()
    {
        var count = 0;
        foreach (var document in Repository.Documents)
        {
            foreach (Match block in CopiedBlock().Matches(Repository.Read(document)))
            {
                count++;
                Assert.Equal(Source(block.Groups["file"].Value, block.Groups["region"].Value), block.Groups["code"].Value.TrimEnd('\n'));
            }
        }

        Assert.True(count >= 2, "the README's blocks were not found");
    }

    [Fact]
    public void Line_Any_HasAtMost160Columns()
    {
        var tooLong = from document in Repository.Documents
                      from line in Repository.Read(document).Split('\n').Select(static (text, index) => (text, Number: index + 1))
                      where line.text.Length > LongestLine && !IsDecision(document)
                      select $"{document}: {line.Number}";
        Assert.Empty(tooLong);
    }

    // Pages of decisions are never rewritten, and the first were written without a limit.
    private static bool IsDecision(string document) => document.StartsWith("docs/adr/", StringComparison.Ordinal);

    private static string Source(string file, string region)
    {
        var text = Repository.Read(file).TrimEnd('\n');
        if (region.Length == 0)
        {
            return text;
        }

        var lines = text.Split('\n')
            .SkipWhile(line => line.Trim() != $"#region {region}").Skip(1).TakeWhile(static line => line.Trim() != "#endregion").ToArray();
        Assert.NotEmpty(lines);
        var indent = lines.Where(static line => line.Length > 0).Min(static line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > indent ? line[indent..] : line.Trim()));
    }

    private static string WithoutFences(string text) => Fence().Replace(text, string.Empty);

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`(src|tests|eng|docs|samples)/[^`\s]*`")]
    private static partial Regex PathInCode();

    [GeneratedRegex(@"`(?<class>[A-Z]\w+)\.(?<method>[A-Z][A-Za-z0-9]*_\w+)`")]
    private static partial Regex TestInCode();

    [GeneratedRegex(@"<!-- from: (?<file>[^\s#]+)(#(?<region>\w+))? -->\n```\w*\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CopiedBlock();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();
}
