using System.Diagnostics;
using System.Globalization;

namespace ClaudeDrive.Chaos.Nodes;

/// <summary>
/// A file system in memory over one directory, whose size can be set to what is used now: then no byte more fits (ENOSPC), as on a full disk. Needs
/// the right to mount. It does not sync: what a power cut does is proven elsewhere.
/// </summary>
internal sealed class BoundedDisk : IAsyncDisposable
{
    /// <summary>Size while it is not full. Chosen: far above what one node writes in a run; memory is used only for what is written.</summary>
    private const long RoomyBytes = 4L * 1024 * 1024 * 1024;

    /// <summary>The least that the file system can be bounded to.</summary>
    private const long PageBytes = 4096;

    /// <summary>The node writes between our look and the mount: so often a little more is allowed.</summary>
    private const int Tries = 20;

    private readonly string _directory;

    private BoundedDisk(string directory) => _directory = directory;

    /// <summary>Mounts it; null when this process may not, with the reason.</summary>
    public static async Task<(BoundedDisk? Disk, string? Problem)> TryMountAsync(string directory, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            return (null, "mounting a file system of bounded size is done on Linux only");
        }

        var problem = await RunAsync("mount", ["-t", "tmpfs", "-o", Size(RoomyBytes), "tmpfs", directory], cancellationToken);
        return problem is null ? (new BoundedDisk(directory), null) : (null, problem);
    }

    /// <summary>From now on nothing more fits.</summary>
    public async Task FillAsync(CancellationToken cancellationToken)
    {
        string? problem = null;
        for (var tries = 0; tries < Tries; tries++)
        {
            var drive = new DriveInfo(_directory);
            // Never 0: that means no bound at all, and cannot be taken back.
            var used = Math.Max(PageBytes, drive.TotalSize - drive.AvailableFreeSpace + (tries * 64L * 1024));
            problem = await RunAsync("mount", ["-o", "remount," + Size(used), _directory], cancellationToken);
            if (problem is null)
            {
                return;
            }
        }

        throw new InvalidOperationException("the disk could not be filled: " + problem);
    }

    /// <summary>There is room again.</summary>
    public async Task FreeAsync(CancellationToken cancellationToken)
    {
        if (await RunAsync("mount", ["-o", "remount," + Size(RoomyBytes), _directory], cancellationToken) is { } problem)
        {
            throw new InvalidOperationException("the disk could not be freed: " + problem);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // Lazily when something still holds it: nothing may stay mounted.
        if (await RunAsync("umount", [_directory], CancellationToken.None) is not null
            && await RunAsync("umount", ["-l", _directory], CancellationToken.None) is { } problem)
        {
            throw new InvalidOperationException(_directory + " stays mounted: " + problem);
        }
    }

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"size={bytes}");

    private static async Task<string?> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var error = await process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? null : error.Trim();
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return missing.Message;
        }
    }
}
