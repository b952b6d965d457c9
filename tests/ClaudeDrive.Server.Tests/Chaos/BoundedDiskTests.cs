using ClaudeDrive.Chaos.Nodes;
using Xunit;

namespace ClaudeDrive.Server.Tests.Chaos;

/// <summary>The disk that is full when it is told to.</summary>
public sealed class BoundedDiskTests(ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fill_ThenFree_NothingFitsAndThenItDoes()
    {
        var folder = Directory.CreateTempSubdirectory("claudedrive-disk-").FullName;
        try
        {
            var (disk, problem) = await BoundedDisk.TryMountAsync(folder, Token);
            if (disk is null)
            {
                // Whoever may not mount is told why, and a run says that the full disk was not exercised.
                output.WriteLine(problem!);
                Assert.NotEmpty(problem!);
                return;
            }

            await using (disk)
            {
                // On an empty one too: a bound of nothing would be no bound.
                foreach (var name in (string[])["first", "second"])
                {
                    await disk.FillAsync(Token);
                    await Assert.ThrowsAsync<IOException>(() => File.WriteAllBytesAsync(Path.Combine(folder, "full"), new byte[1024 * 1024], Token));
                    File.Delete(Path.Combine(folder, "full"));
                    await disk.FreeAsync(Token);
                    await File.WriteAllBytesAsync(Path.Combine(folder, name), new byte[1024 * 1024], Token);
                }
            }

            Assert.Empty(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
