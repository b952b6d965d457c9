using System.ComponentModel.DataAnnotations;

namespace ClaudeDrive.Hydration;

/// <summary>How resources are fetched; configuration section <c>ClaudeDrive:Hydration</c>.</summary>
public sealed class HydrationOptions
{
    /// <summary>API key for the Claude API; <c>ANTHROPIC_API_KEY</c>. Required.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Base address of the Claude API; <c>ANTHROPIC_BASE_URL</c>. Absolute, http or https.</summary>
    /// <value>https://api.anthropic.com.</value>
    public Uri BaseUrl { get; set; } = new("https://api.anthropic.com");

    /// <summary>Failed attempts before a dead letter: 1 to 100.</summary>
    /// <value>3.</value>
    [Range(1, 100, ErrorMessage = "must be between {1} and {2}.")]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>Wait after the first failed attempt, before jitter; doubles with each: 1 ms to 1 h.</summary>
    /// <value>2 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00", ErrorMessage = "must be between {1} and {2}.")]
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait between attempts: 1 ms to 1 day.</summary>
    /// <value>5 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00", ErrorMessage = "must be between {1} and {2}.")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Read requests per minute to the Claude API: 1 to 1,000,000.</summary>
    /// <value>1,200: the documented limit of an organization.</value>
    [Range(1, 1_000_000, ErrorMessage = "must be between {1} and {2}.")]
    public int ReadsPerMinute { get; set; } = 1200;

    /// <summary>Resources fetched at the same time: 1 to 256.</summary>
    /// <value>8 (contract §2). At 500 events a second and an API that answers in 5 ms, eight were busy all the time; 32 kept up (docs/performance.md).</value>
    [Range(1, 256, ErrorMessage = "must be between {1} and {2}.")]
    public int Concurrency { get; set; } = 8;

    /// <summary>Longest wait for one answer of the Claude API: 100 ms to 10 min.</summary>
    /// <value>30 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00", ErrorMessage = "must be between {1} and {2}.")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a worker owns a resource without a sign of life: 1 s to 1 h. Renewed at a third of it.</summary>
    /// <value>30 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "must be between {1} and {2}.")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Seed of the jitter of retries; null draws one. For tests.</summary>
    public int? Seed { get; set; }
}
