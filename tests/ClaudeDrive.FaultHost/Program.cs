using ClaudeDrive.Conformance;
using ClaudeDrive.FaultHost;
using ClaudeDrive.Hosting;
using ClaudeDrive.Inbox;
using ClaudeDrive.Server;
using ClaudeDrive.Sqlite;
using ClaudeDrive.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

// "write sqlite|spool DIRECTORY LIFE": a storm of writes that a test kills.
if (args[0] == "write")
{
    await (args[1] == "sqlite" ? WriteStorm.SqliteAsync(args[2], args[3]) : WriteStorm.SpoolAsync(args[2], args[3]));
    return;
}

// The server as shipped, over a SQLite store that fails as its standard input says: one name of a StoreFault a line. Takes the arguments of
// "claudedrive serve" and answers each line on standard error, so that a test knows when it holds.
var faults = new StoreFaults();
faults.All(Enum.Parse<StoreFault>(args.Length > 5 ? args[5] : nameof(StoreFault.None)));
await using var app = ServerHost.Build(new ServerOptions
{
    DataDirectory = args[2],
    Urls = [args[4]],
    LogFormat = LogFormat.Json,
    AddDrive = builder =>
    {
        var store = new SqliteDriveStore(new SqliteStoreOptions { DataDirectory = args[2] }, TimeProvider.System, Coalescing.Default);
        builder.Services.AddSingleton<IDriveStore>(FaultingStore.Wrap(store, faults));
        builder.Services.AddClaudeDrive();
    },
});
await app.StartAsync(CancellationToken.None);
await Console.Error.WriteLineAsync($"ClaudeDrive serves {args[4]}");
while (await Console.In.ReadLineAsync(CancellationToken.None) is { } line)
{
    faults.All(Enum.Parse<StoreFault>(line));
    await Console.Error.WriteLineAsync($"told {line}");
}

await app.StopAsync(CancellationToken.None);
