using ClaudeDrive.Inbox;
using ClaudeDrive.SecretScan;
using ClaudeDrive.Sqlite;
using ClaudeDrive.Storage;

namespace ClaudeDrive.Stores.Tests.Sqlite;

/// <summary>Fresh directories for the stores of one test; removed at its end.</summary>
internal sealed class SqliteDirectories : IDisposable
{
    private readonly List<string> _directories = [];

    public string Newest => _directories[^1];

    public string Add()
    {
        _directories.Add(Directory.CreateTempSubdirectory("claudedrive-test-").FullName);
        return Newest;
    }

    public IDriveStore Create(TimeProvider time, Coalescing coalescing) => Open(Add(), time, coalescing);

    public IDriveStore CreateAgain(TimeProvider time, Coalescing coalescing) => Open(Newest, time, coalescing);

    public static SqliteDriveStore Open(string directory, TimeProvider time, Coalescing coalescing) =>
        new(new SqliteStoreOptions { DataDirectory = directory }, time, coalescing);

    public void Dispose()
    {
        foreach (var directory in _directories)
        {
            SuiteOutput.End(directory);
        }
    }
}
