using ClaudeDrive.Benchmarks.Whole.Processes;

namespace ClaudeDrive.Benchmarks.Whole.Subjects;

/// <summary>C1: Fastify, the official SDK's unwrap, BullMQ, Redis that flushes always.</summary>
internal sealed record BullMqSubject() : Subject("c1", "C1 Fastify + unwrap + BullMQ + Redis always")
{
    /// <inheritdoc/>
    protected override async Task StartAsync(RunningSubject running, SubjectSettings settings, CancellationToken cancellationToken)
    {
        var port = Workplace.FreePort();
        string[] options =
        [
            "--port", $"{port}", "--bind", "127.0.0.1", "--dir", running.Directory, "--save", "", "--appendonly", "yes", "--appendfsync", "always",
        ];
        var redis = running.Own(ChildProcess.Start("redis-server", options, Path.Combine(running.Directory, "redis.log"), settings.Environment));
        running.Databases.Add(redis.Id);
        await redis.WaitForPortAsync(port, cancellationToken);
        var environment = settings.Environment.Append(new("NODE_ENV", "production"));
        string[] arguments = [settings.Workplace.NodePeer("fastify-bullmq.mjs"), $"{running.Port}", $"{port}", Workplace.Secret];
        await running.ServeAsync("node", arguments, environment, cancellationToken);
    }
}
