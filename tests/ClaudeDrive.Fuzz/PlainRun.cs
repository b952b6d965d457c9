using System.Diagnostics;

namespace ClaudeDrive.Fuzz;

/// <summary>A run without coverage: seeds, then mutations of them, until a time is over. Ends at the first finding.</summary>
internal static class PlainRun
{
    /// <summary>Runs; returns how many inputs were read. A finding is thrown with the input in hex, to be repeated.</summary>
    public static long Run(IFuzzTarget target, int seed, Func<long, bool> goesOn)
    {
        byte[][] seeds = [.. target.Seeds()];
        var mutator = new Mutator(seeds, target.Tokens, seed);
        long count = 0;
        foreach (var input in seeds)
        {
            Try(target, input, seed);
            count++;
        }

        for (; goesOn(count); count++)
        {
            Try(target, mutator.Next(), seed);
        }

        return count;
    }

    /// <summary>Runs for a time.</summary>
    public static long Run(IFuzzTarget target, int seed, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        return Run(target, seed, _ => clock.Elapsed < time);
    }

    private static void Try(IFuzzTarget target, byte[] input, int seed)
    {
        try
        {
            target.Run(input);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{target.Name}, seed {seed}: {e.GetType().Name}: {e.Message} Input (hex): {Convert.ToHexStringLower(input)}", e);
        }
    }
}
