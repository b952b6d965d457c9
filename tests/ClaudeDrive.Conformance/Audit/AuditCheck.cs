using ClaudeDrive.Audit;

namespace ClaudeDrive.Conformance;

/// <summary>Checks a store's audit log as the command line does.</summary>
internal static class AuditCheck
{
    /// <summary>Null when the log is whole, else the first thing that is wrong.</summary>
    public static async Task<AuditFault?> VerifyAsync(IAuditStore store, CancellationToken token)
    {
        var chain = new AuditChain();
        foreach (var entry in await store.ReadAuditAsync(0, 1000, token))
        {
            if (chain.Check(entry) is { } fault)
            {
                return fault;
            }
        }

        return chain.Finish(await store.FindAuditHeadAsync(token));
    }
}
