using ClaudeDrive.Inbox.Spool;
using Xunit;

namespace ClaudeDrive.Tests.Inbox.Spool;

/// <summary>That names are on the disk no test sees; that nothing is in the way of it, these do.</summary>
public sealed class DirectorySyncTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("claudedrive-sync-").FullName;

    [Fact]
    public void Create_SeveralLevelsMissing_MakesThemAll()
    {
        var directory = Path.Combine(_root, "one", "two", "three");

        DirectorySync.Create(directory);
        DirectorySync.Create(directory);

        Assert.True(Directory.Exists(directory));
    }

    [Fact]
    public void Create_FileInTheWay_SaysSo()
    {
        File.WriteAllText(Path.Combine(_root, "file"), "");
        Assert.ThrowsAny<IOException>(() => DirectorySync.Create(Path.Combine(_root, "file", "two")));
    }

    [Fact]
    public void Flush_NoSuchDirectory_SaysSo() => Assert.Throws<IOException>(() => DirectorySync.Flush(Path.Combine(_root, "none")));

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
