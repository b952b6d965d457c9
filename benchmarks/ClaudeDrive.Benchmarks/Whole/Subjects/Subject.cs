namespace ClaudeDrive.Benchmarks.Whole.Subjects;

/// <summary>Something that receives webhooks.</summary>
/// <param name="Key">Short name, part of the names of series.</param>
/// <param name="Name">For people.</param>
internal abstract record Subject(string Key, string Name)
{
    /// <summary>Starts it; it listens when this returns.</summary>
    public async Task<RunningSubject> StartAsync(SubjectSettings settings, CancellationToken cancellationToken)
    {
        var running = new RunningSubject(settings.Workplace.NewDirectory(Key));
        try
        {
            await StartAsync(running, settings, cancellationToken);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts its processes, each as a part of <paramref name="running"/>.</summary>
    protected abstract Task StartAsync(RunningSubject running, SubjectSettings settings, CancellationToken cancellationToken);
}
