using System.Runtime.InteropServices;
using System.Text;

namespace ClaudeDrive.Inbox.Spool;

/// <summary>
/// Makes a new file's name durable: on Unix, fsync of a file says nothing about its entry in the directory (fsync(2)). Windows has no such call
/// and needs none: NTFS logs its directories.
/// </summary>
internal static class DirectorySync
{
    private const int ReadOnly = 0;

    /// <summary>
    /// Makes a directory and every one above it that is missing, and each name durable: a file in a directory that a power cut makes forgotten is
    /// forgotten too. Nothing when it is there.
    /// </summary>
    public static void Create(string directory)
    {
        if (Directory.Exists(directory))
        {
            return;
        }

        var parent = Path.GetDirectoryName(directory);
        if (parent is not null)
        {
            Create(parent);
        }

        Directory.CreateDirectory(directory);
        if (parent is not null)
        {
            Flush(parent);
        }
    }

    /// <summary>Waits until the directory's entries are on the disk. Throws <see cref="IOException"/> when they may not be.</summary>
    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(Encoding.UTF8.GetBytes(directory + '\0'), ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"The directory {directory} could not be opened to be flushed: error {Marshal.GetLastPInvokeError()}.");
        }

        var failure = Fsync(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (failure != 0)
        {
            throw new IOException($"The directory {directory} could not be flushed: error {failure}.");
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
