using ClaudeDrive.Cli.Api;

namespace ClaudeDrive.Chaos.Nodes;

/// <summary>What a server process is started with.</summary>
internal sealed record ServerSetup(string Url, string DataDirectory, string ApiKey, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The program, beside the caller's own assemblies.</summary>
    public string Program { get; init; } = "claudedrive.dll";

    /// <summary>What it is told beyond its data and address.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Gets each line that it writes, on a thread of the pool. Without it the lines are kept in memory.</summary>
    public Action<string>? Hear { get; init; }

    /// <summary>A client of it, as the administrator.</summary>
    public ApiClient Client() => new(ServerAddress.From(Url, ApiKey, static _ => null), TimeProvider.System);
}
