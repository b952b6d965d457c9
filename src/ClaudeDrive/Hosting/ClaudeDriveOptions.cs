using System.ComponentModel.DataAnnotations;

namespace ClaudeDrive.Hosting;

/// <summary>Settings of the library. Configuration: section <c>ClaudeDrive</c>, beside the variables of the official SDKs.</summary>
public sealed class ClaudeDriveOptions
{
    /// <summary>API key for the Claude API; <c>ANTHROPIC_API_KEY</c>. Required.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Base address of the Claude API; <c>ANTHROPIC_BASE_URL</c>. Absolute, http or https.</summary>
    /// <value>https://api.anthropic.com.</value>
    public Uri BaseUrl { get; set; } = new("https://api.anthropic.com");

    /// <summary>How resources are fetched.</summary>
    public HydrationOptions Hydration { get; } = new();

    /// <summary>How often the API is swept for what no webhook told: 1 s to 1 day; <c>ClaudeDrive:Reconciliation:Interval</c>.</summary>
    /// <value>5 min.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ReconciliationInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Seed of the jitter of retries; null draws one. For tests.</summary>
    public int? Seed { get; set; }
}
