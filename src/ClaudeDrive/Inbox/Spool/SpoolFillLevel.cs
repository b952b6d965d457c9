using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Inbox.Spool;

/// <summary>Tells once when the spool grows past 50, 80 and 95 % of its bound, and once when it is full. Used under the spool's lock.</summary>
internal sealed partial class SpoolFillLevel(long maxBytes, ILogger logger)
{
    private static readonly int[] Levels = [50, 80, 95];

    private int _told;
    private bool _isFull;

    /// <summary>The spool has this size now, and it was smaller.</summary>
    public void Grown(long bytes)
    {
        var percent = Percent(bytes);
        var reached = Levels.LastOrDefault(level => level <= percent);
        if (reached > _told)
        {
            _told = reached;
            Log.Filling(logger, reached, bytes, maxBytes);
        }
    }

    /// <summary>The spool has this size now, and it was larger. A level is told again after the spool fell to half of it.</summary>
    public void Shrunk(long bytes)
    {
        var percent = Percent(bytes);
        _isFull &= percent >= Levels[^1];
        while (_told > 0 && percent <= _told / 2)
        {
            _told = Levels.LastOrDefault(level => level < _told);
        }
    }

    /// <summary>A record found no room.</summary>
    public void Full()
    {
        if (!_isFull)
        {
            _isFull = true;
            Log.Full(logger, maxBytes);
        }
    }

    private int Percent(long bytes) => (int)Math.Min(100, 100 * (double)bytes / maxBytes);

    private static partial class Log
    {
        [LoggerMessage(2102, LogLevel.Warning, "The spool has passed {Percent} % of its bound: {Bytes} of {MaxBytes} bytes. When it is full, deliveries are answered 503 and lost after three tries: bring the store back, or raise ClaudeDrive:Ingest:SpoolMaxBytes")]
        public static partial void Filling(ILogger logger, int percent, long bytes, long maxBytes);

        [LoggerMessage(2103, LogLevel.Error, "The spool is full ({MaxBytes} bytes), or its disk too slow: deliveries are answered 503 until the store takes some of it")]
        public static partial void Full(ILogger logger, long maxBytes);
    }
}
