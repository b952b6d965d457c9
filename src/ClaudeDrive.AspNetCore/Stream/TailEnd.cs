namespace ClaudeDrive.AspNetCore.Stream;

/// <summary>Finds the end of a tail by asking whether anything lies beyond a position: a few dozen reads of one row at most.</summary>
internal static class TailEnd
{
    /// <summary>The largest position in use; 0 when the tail is empty. <paramref name="anyAfter"/> tells whether a row has a larger position.</summary>
    public static async Task<long> FindAsync(Func<long, Task<bool>> anyAfter)
    {
        if (!await anyAfter(0))
        {
            return 0;
        }

        long low = 0, high = 1;
        while (await anyAfter(high))
        {
            low = high;
            high *= 2;
        }

        // Something lies beyond low, nothing beyond high.
        while (low + 1 < high)
        {
            var middle = low + ((high - low) / 2);
            if (await anyAfter(middle))
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return high;
    }
}
