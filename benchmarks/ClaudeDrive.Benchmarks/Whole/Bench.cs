using ClaudeDrive.Benchmarks.Whole.Loads;

namespace ClaudeDrive.Benchmarks.Whole;

/// <summary>What every scenario works with.</summary>
internal sealed class Bench(Workplace workplace, BenchOptions options)
{
    public Workplace Workplace { get; } = workplace;

    public BenchOptions Options { get; } = options;

    public Measurements Measurements { get; } = new();

    /// <summary>Sends load to a running subject.</summary>
    public LoadMeasure Loads => field ??= new LoadMeasure(new Generator(Workplace.Built("ClaudeDrive.LoadGenerator")), Measurements);

    /// <summary>Opens lists of a running product.</summary>
    public ListMeasure Lists => field ??= new ListMeasure(Measurements);

    /// <summary>Tables for people, in the order of the scenarios.</summary>
    public List<string> Tables { get; } = [];

    /// <summary>A load of this run's length.</summary>
    public Load NewLoad(int connections, int rate = 0) =>
        new() { Connections = connections, Rate = rate, WarmUp = Options.WarmUp, Seconds = Options.Seconds };

    /// <summary>Tells what happens, on the standard error.</summary>
    public static void Say(string text) => Console.Error.WriteLine(text);
}
