using System.Reflection;
using System.Security.Cryptography;

namespace ClaudeDrive.Nodes;

/// <summary>One running process among those that share a store.</summary>
/// <param name="NodeId">Differs for every start of every process: what a process before held is not ours.</param>
/// <param name="Name">For people: host and process id.</param>
/// <param name="Roles">What it does.</param>
/// <param name="Version">Version of the program.</param>
/// <param name="StartedAt">When it started, UTC, by its own clock.</param>
internal sealed record NodeIdentity(string NodeId, string Name, NodeRoles Roles, string Version, DateTimeOffset StartedAt)
{
    /// <summary>This process, from now on: 64 random bits keep any number of starts apart.</summary>
    public static NodeIdentity Create(NodeRoles roles, TimeProvider time) => new(
        "node_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
        FormattableString.Invariant($"{Environment.MachineName}/{Environment.ProcessId}"),
        roles,
        typeof(NodeIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0",
        time.GetUtcNow());
}
