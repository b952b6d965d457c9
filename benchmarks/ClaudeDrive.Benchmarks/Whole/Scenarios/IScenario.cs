namespace ClaudeDrive.Benchmarks.Whole.Scenarios;

/// <summary>A part of the benchmark that can be run alone.</summary>
internal interface IScenario
{
    /// <summary>Its name on the command line, and the first part of its series.</summary>
    string Key { get; }

    /// <summary>What it shows.</summary>
    string Title { get; }

    /// <summary>Measures, adds series and, where that helps, a table.</summary>
    Task RunAsync(Bench bench, CancellationToken cancellationToken);
}
