using Xunit;

namespace ClaudeDrive.Tests;

public sealed class ArchitectureTests
{
    [Fact]
    public void Sources_UsingLines_KeepTheDirectionOfTheChain()
    {
        var source = Path.Combine(RepositoryRoot.Folder, "src");
        var files = Directory.GetFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .ToArray();
        Assert.True(files.Length > 50, $"Only {files.Length} files were found in {source}.");

        var violations = files.SelectMany(file =>
            DependencyRules.Violations(Path.GetRelativePath(source, file).Replace('\\', '/'), File.ReadAllText(file)));

        Assert.Empty(violations);
    }

    [Theory]
    [InlineData("ClaudeDrive/Inbox/A.cs", "using ClaudeDrive.Hydration;")]
    [InlineData("ClaudeDrive/Ingest/A.cs", "using ClaudeDrive.Inbox;")]
    [InlineData("ClaudeDrive/Contexts/A.cs", "using static ClaudeDrive.Review.ReviewState;")]
    [InlineData("ClaudeDrive/Contexts/A.cs", "using Items = ClaudeDrive.Review.ReviewItem;")]
    [InlineData("ClaudeDrive/Review/A.cs", "using ClaudeDrive.Storage;")]
    [InlineData("ClaudeDrive/Review/A.cs", "    global using ClaudeDrive.Hosting;")]
    [InlineData("ClaudeDrive/Inbox/A.cs", "class A : Storage.IDriveStore;")]
    [InlineData("ClaudeDrive/Diagnostics/A.cs", "using ClaudeDrive.Hydration;")]
    [InlineData("ClaudeDrive/Diagnostics/A.cs", "using ClaudeDrive.Nodes;")]
    [InlineData("ClaudeDrive/Nodes/A.cs", "using ClaudeDrive.Inbox;")]
    [InlineData("ClaudeDrive/Nodes/A.cs", "using ClaudeDrive.Access;")]
    [InlineData("ClaudeDrive/Access/A.cs", "using ClaudeDrive.Ingest;")]
    [InlineData("ClaudeDrive/Access/A.cs", "using ClaudeDrive.Nodes;")]
    [InlineData("ClaudeDrive/Access/A.cs", "using ClaudeDrive.Audit;")]
    [InlineData("ClaudeDrive/Audit/A.cs", "using ClaudeDrive.Inbox;")]
    [InlineData("ClaudeDrive/Network/A.cs", "using ClaudeDrive.Nodes;")]
    [InlineData("ClaudeDrive/Network/A.cs", "using ClaudeDrive.Inbox;")]
    [InlineData("ClaudeDrive/Diagnostics/A.cs", "using ClaudeDrive.Network;")]
    [InlineData("ClaudeDrive.Simulator/A.cs", "using ClaudeDrive.Ingest;")]
    [InlineData("ClaudeDrive.Sqlite/A.cs", "using ClaudeDrive.PostgreSql;")]
    [InlineData("ClaudeDrive.PostgreSql/Sql/A.cs", "using ClaudeDrive.Sqlite.Connections;")]
    public void Violations_ForbiddenEdge_IsNamed(string path, string source)
    {
        Assert.NotEmpty(DependencyRules.Violations(path, "using System;\n" + source + "\n"));
    }

    [Theory]
    [InlineData("ClaudeDrive/Review/A.cs", "using ClaudeDrive.Contexts;\nusing ClaudeDrive.Diagnostics;\nusing ClaudeDrive.Ingest;")]
    [InlineData("ClaudeDrive/Contexts/A.cs", "using static ClaudeDrive.Contexts.SessionEventReader;")]
    [InlineData("ClaudeDrive/Ingest/A.cs", "using ClaudeDrive.Nodes;")]
    [InlineData("ClaudeDrive/Inbox/A.cs", "using ClaudeDrive.Access;\nusing ClaudeDrive.Audit;")]
    [InlineData("ClaudeDrive/Access/A.cs", "using ClaudeDrive.Diagnostics;")]
    [InlineData("ClaudeDrive/Audit/A.cs", "using ClaudeDrive.Access;")]
    [InlineData("ClaudeDrive/Inbox/A.cs", "using ClaudeDrive.Network;")]
    [InlineData("ClaudeDrive/Storage/InMemory/A.cs", "using ClaudeDrive.Review;\nusing ClaudeDrive.Hosting;")]
    [InlineData("ClaudeDrive/Hosting/A.cs", "using ClaudeDrive.Storage;")]
    [InlineData("ClaudeDrive.Sqlite/A.cs", "using ClaudeDrive.Storage;\nusing ClaudeDrive.Sqlite.Writing;")]
    [InlineData("ClaudeDrive.Simulator/A.cs", "using ClaudeDrive.Simulator.Api;")]
    [InlineData("ClaudeDrive/Inbox/A.cs", "const string Key = \"ClaudeDrive:Hydration\"; _ = options.Hydration.MaxAttempts;")]
    public void Violations_AllowedEdges_AreSilent(string path, string source)
    {
        Assert.Empty(DependencyRules.Violations(path, source));
    }
}
