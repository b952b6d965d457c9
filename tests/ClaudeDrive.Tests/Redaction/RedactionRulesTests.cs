using ClaudeDrive.Hosting;
using ClaudeDrive.Redaction;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace ClaudeDrive.Tests.Redaction;

public sealed class RedactionRulesTests
{
    [Theory]
    [InlineData("", "$.a", "a", ":Name")]
    [InlineData("Name", "$.a", "a", ":Name")]
    [InlineData("a b", "$.a", "a", ":Name")]
    [InlineData("n", null, null, "")]
    [InlineData("n", "a", null, ":Path")]
    [InlineData("n", "$.id", null, ":Path")]
    [InlineData("n", "$.session_id", "a", ":Path")]
    [InlineData("n", null, "", ":Pattern")]
    [InlineData("n", null, "(", ":Pattern")]
    [InlineData("n", null, "a*", ":Pattern")]
    [InlineData("n", null, "(?<=a)b", ":Pattern")]
    [InlineData("n", null, @"(a)\1", ":Pattern")]
    public void Compile_Wrong_SaysWhichKey(string name, string? path, string? pattern, string key)
    {
        List<string> problems = [];
        Assert.True(RedactionRules.Compile([new RedactionRule { Name = name, Path = path, Pattern = pattern }], problems).IsNone);
        Assert.StartsWith($"ClaudeDrive:Redaction:Rules:0{key}:", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_SameNameTwiceOrTooLongOrABadType_SaysSo()
    {
        List<string> problems = [];
        var typed = new RedactionRule { Name = "b", Pattern = "a" };
        typed.Types.Add("a*b");
        RedactionRules.Compile(
            [new RedactionRule { Name = "a", Path = "$.a" }, new RedactionRule { Name = "a", Path = "$.b" }, new RedactionRule { Name = "c", Pattern = new string('a', 1001) }, typed],
            problems);
        Assert.Equal(["Rules:1:Name", "Rules:2:Pattern", "Rules:3:Types"], problems.Select(static problem => string.Join(':', problem.Split(':')[2..5])));
    }

    [Fact]
    public void Read_Settings_BecomeRules()
    {
        var options = Read(new()
        {
            ["ClaudeDrive:Redaction:Rules:0:Name"] = "card",
            ["ClaudeDrive:Redaction:Rules:0:Pattern"] = @"\d{16}",
            ["ClaudeDrive:Redaction:Rules:0:Types"] = "agent.*, user.*",
            ["ClaudeDrive:Redaction:Rules:1:Name"] = "mail",
            ["ClaudeDrive:Redaction:Rules:1:Path"] = "$..email",
            ["ClaudeDrive:Redaction:Rules:1:Types:0"] = "session",
        });
        Assert.Empty(options.Unreadable);
        Assert.Equal(("card", null, @"\d{16}"), (options.Redaction.Rules[0].Name, options.Redaction.Rules[0].Path, options.Redaction.Rules[0].Pattern));
        Assert.Equal(["agent.*", "user.*"], options.Redaction.Rules[0].Types);
        Assert.Equal("$..email", options.Redaction.Rules[1].Path);
        Assert.Equal(["session"], options.Redaction.Rules[1].Types);
    }

    [Fact]
    public void Read_KeyThatNobodyKnows_IsAProblem()
    {
        var options = Read(new()
        {
            ["ClaudeDrive:Redaction:Rules:0:Patern"] = "a",
            ["ClaudeDrive:Redaction:Rule:0:Pattern"] = "a",
        });
        Assert.Equal(
            ["ClaudeDrive:Redaction:Rule: is not known; expected Rules.", "ClaudeDrive:Redaction:Rules:0:Patern: is not known; expected Name, Path, Pattern or Types."],
            options.Unreadable);
    }

    [Fact]
    public void Validate_WrongRule_IsReportedWithTheRest()
    {
        var options = new ClaudeDriveOptions();
        options.Redaction.Rules.Add(new RedactionRule { Name = "n", Pattern = "(" });
        var problems = new ClaudeDriveOptionsValidator().Validate(null, options).Failures!;
        Assert.Contains(problems, static problem => problem.StartsWith("ClaudeDrive:Redaction:Rules:0:Pattern: ", StringComparison.Ordinal));
        Assert.Contains(problems, static problem => problem.StartsWith("ANTHROPIC_API_KEY", StringComparison.Ordinal));
    }

    private static ClaudeDriveOptions Read(Dictionary<string, string?> values)
    {
        var options = new ClaudeDriveOptions();
        new ClaudeDriveOptionsSetup(new ConfigurationBuilder().AddInMemoryCollection(values).Build()).Configure(options);
        return options;
    }
}
