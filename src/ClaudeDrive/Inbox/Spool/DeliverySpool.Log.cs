using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Inbox.Spool;

/// <content>What is logged.</content>
internal sealed partial class DeliverySpool
{
    private static partial class Log
    {
        [LoggerMessage(2104, LogLevel.Error, "{Count} deliveries could not be written to the spool; their senders are told to try again")]
        public static partial void NotWritten(ILogger logger, int count, Exception exception);

        [LoggerMessage(2105, LogLevel.Error, "A part of the spool is {Reason}: {Length} bytes at {Offset} of {Path}. It is kept in {Aside}; everything else goes on. An acknowledged delivery may be in it: compare with the API (a sweep does)")]
        public static partial void SetAside(ILogger logger, string reason, int offset, string path, int length, string aside);

        [LoggerMessage(2106, LogLevel.Warning, "A write to the spool was cut short by a crash: {Length} bytes at the end of {Path} are cut; no sender was told that they were kept")]
        public static partial void Torn(ILogger logger, string path, int length);

        [LoggerMessage(2107, LogLevel.Information, "The spool holds {Count} deliveries of an earlier process, {Bytes} bytes; they go into the inbox now")]
        public static partial void Found(ILogger logger, long count, long bytes);

        [LoggerMessage(2113, LogLevel.Error, "A segment of the spool cannot be read: {Path}. It stays where it is and is tried again at the next start; everything else goes on")]
        public static partial void Unreadable(ILogger logger, string path, Exception exception);
    }
}
