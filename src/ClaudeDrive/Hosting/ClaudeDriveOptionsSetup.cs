using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ClaudeDrive.Hosting;

/// <summary>Reads the options from the host's configuration (contract §2). Values that cannot be read become problems for the validator.</summary>
internal sealed class ClaudeDriveOptionsSetup(IConfiguration? configuration = null) : IConfigureOptions<ClaudeDriveOptions>
{
    /// <inheritdoc />
    public void Configure(ClaudeDriveOptions options)
    {
        if (configuration is null)
        {
            return;
        }

        var hydration = options.Hydration;
        hydration.MaxAttempts = Read(options, "Hydration:MaxAttempts", hydration.MaxAttempts);
        hydration.BaseDelay = Read(options, "Hydration:BaseDelay", hydration.BaseDelay);
        hydration.MaxDelay = Read(options, "Hydration:MaxDelay", hydration.MaxDelay);
        hydration.ReadsPerMinute = Read(options, "Hydration:ReadsPerMinute", hydration.ReadsPerMinute);
        hydration.Concurrency = Read(options, "Hydration:Concurrency", hydration.Concurrency);
        hydration.RequestTimeout = Read(options, "Hydration:RequestTimeout", hydration.RequestTimeout);
        hydration.Lease = Read(options, "Hydration:Lease", hydration.Lease);
        hydration.Seed = configuration["ClaudeDrive:Hydration:Seed"] is { Length: > 0 } ? Read(options, "Hydration:Seed", 0) : hydration.Seed;
        options.ReconciliationInterval = Read(options, "Reconciliation:Interval", options.ReconciliationInterval);
        hydration.ApiKey = configuration["ANTHROPIC_API_KEY"] ?? hydration.ApiKey;
        if (configuration["ANTHROPIC_BASE_URL"] is { Length: > 0 } address)
        {
            hydration.BaseUrl = Uri.TryCreate(address, UriKind.RelativeOrAbsolute, out var url) ? url : new Uri("invalid:", UriKind.RelativeOrAbsolute);
        }
    }

    private T Read<T>(ClaudeDriveOptions options, string name, T otherwise)
        where T : struct, IParsable<T>
    {
        var key = $"ClaudeDrive:{name}";
        if (configuration![key] is not { Length: > 0 } text)
        {
            return otherwise;
        }

        if (T.TryParse(text, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        options.Unreadable.Add($"{key} is not a {(typeof(T) == typeof(TimeSpan) ? "time span such as 00:00:30" : "whole number")}.");
        return otherwise;
    }
}
