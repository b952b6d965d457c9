using Microsoft.Extensions.Options;

namespace ClaudeDrive.Hosting;

/// <summary>What retention is set, and what this process did of it; for people. Safe to use from many threads.</summary>
internal sealed class RetentionStatus(IOptions<ClaudeDriveOptions> options)
{
    private volatile RetentionPass? _last;

    /// <summary>How long is kept.</summary>
    public RetentionOptions Options => options.Value.Retention;

    /// <summary>The newest whole pass of this process; null before the first, and on every node but the one whose duty it is.</summary>
    public RetentionPass? Last
    {
        get => _last;
        set => _last = value;
    }
}
