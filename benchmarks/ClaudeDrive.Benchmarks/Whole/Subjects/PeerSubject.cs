namespace ClaudeDrive.Benchmarks.Whole.Subjects;

/// <summary>A ceiling in .NET: see <c>benchmarks/peers/ClaudeDrive.Peers</c>.</summary>
internal sealed record PeerSubject(string Key, string Name, string Kind) : Subject(Key, Name)
{
    /// <inheritdoc/>
    protected override Task StartAsync(RunningSubject running, SubjectSettings settings, CancellationToken cancellationToken)
    {
        string[] arguments = [Kind, $"http://127.0.0.1:{running.Port}", Workplace.Secret, Path.Combine(running.Directory, "log")];
        return running.ServeAsync(settings.Workplace.Built("ClaudeDrive.Peers"), arguments, settings.Environment, cancellationToken);
    }
}
