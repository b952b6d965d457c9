namespace ClaudeDrive.Benchmarks.Whole.Subjects;

/// <summary>C5: node:http, node:crypto, and one insert per request.</summary>
internal sealed record NodePostgresSubject() : Subject("c5", "C5 node:http + node:crypto + pg insert")
{
    /// <inheritdoc/>
    protected override async Task StartAsync(RunningSubject running, SubjectSettings settings, CancellationToken cancellationToken)
    {
        var database = running.Own(await PostgresServer.StartAsync(settings, cancellationToken));
        running.Databases.Add(database.ProcessId);
        var environment = settings.Environment.Append(new("NODE_ENV", "production"));
        string[] arguments = [settings.Workplace.NodePeer("node-pg.mjs"), $"{running.Port}", $"{database.Port}", Workplace.Secret];
        await running.ServeAsync("node", arguments, environment, cancellationToken);
    }
}
