using System.Globalization;
using ClaudeDrive.Chaos.Databases;
using ClaudeDrive.Chaos.Nodes;

namespace ClaudeDrive.Stores.Tests.PostgreSql;

/// <summary>A copy of a running server that follows it, and takes over when it is told to.</summary>
internal sealed class StandbyServer : IAsyncDisposable
{
    private readonly PostgresPrograms _programs = PostgresPrograms.Find();
    private readonly string _directory = Directory.CreateTempSubdirectory("claudedrive-standby-").FullName;

    public int Port { get; } = Ports.Free();

    private string Cluster => Path.Combine(_directory, "data");

    public static async Task<StandbyServer> FollowAsync(PostgresServer primary, CancellationToken cancellationToken)
    {
        var standby = new StandbyServer();
        await standby._programs.GiveAsync(standby._directory, cancellationToken);
        string[] copy =
        [
            "-h", "127.0.0.1", "-p", primary.Port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", "-D", standby.Cluster, "-R", "-X", "stream", "-c", "fast",
        ];
        await standby._programs.RunAsync(standby._directory, "pg_basebackup", copy, cancellationToken);
        var settings = string.Create(CultureInfo.InvariantCulture, $"-p {standby.Port} -h 127.0.0.1 -k {standby._directory} -c max_connections=300");
        await standby.ControlAsync(["-w", "-l", Path.Combine(standby._directory, "log"), "-o", settings, "start"], cancellationToken);
        return standby;
    }

    public Task PromoteAsync(CancellationToken cancellationToken) => ControlAsync(["-w", "promote"], cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Cluster, "postmaster.pid")))
        {
            await ControlAsync(["-w", "-m", "immediate", "stop"], CancellationToken.None);
        }

        Directory.Delete(_directory, recursive: true);
    }

    private Task ControlAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        _programs.RunAsync(_directory, "pg_ctl", ["-D", Cluster, .. arguments], cancellationToken);
}
