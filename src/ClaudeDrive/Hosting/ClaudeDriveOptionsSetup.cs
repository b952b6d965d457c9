using System.Globalization;
using ClaudeDrive.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ClaudeDrive.Hosting;

/// <summary>
/// Reads the options from the host's configuration (contract §2), key by key: a value that cannot be read is noted with its key, and the rest is
/// still read, so that the validator reports every problem at once.
/// </summary>
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
        hydration.ApiKey = configuration["ANTHROPIC_API_KEY"] ?? hydration.ApiKey;
        if (configuration["ANTHROPIC_BASE_URL"] is { Length: > 0 } address)
        {
            hydration.BaseUrl = Uri.TryCreate(address, UriKind.Absolute, out var url) ? url : new Uri("invalid", UriKind.Relative);
        }

        if (configuration["ClaudeDrive:Roles"] is { Length: > 0 } text)
        {
            Take(options, "Roles", NodeRolesText.TryParse(text, out var roles), () => options.Roles = roles, "all, or any of ingest,worker,console");
        }

        Number(options, "Hydration:MaxAttempts", value => hydration.MaxAttempts = value);
        Duration(options, "Hydration:BaseDelay", value => hydration.BaseDelay = value);
        Duration(options, "Hydration:MaxDelay", value => hydration.MaxDelay = value);
        Number(options, "Hydration:ReadsPerMinute", value => hydration.ReadsPerMinute = value);
        Number(options, "Hydration:Concurrency", value => hydration.Concurrency = value);
        Duration(options, "Hydration:RequestTimeout", value => hydration.RequestTimeout = value);
        Duration(options, "Hydration:Lease", value => hydration.Lease = value);
        Number(options, "Hydration:Seed", value => hydration.Seed = value);
        Long(options, "Ingest:SpoolMaxBytes", value => options.SpoolMaxBytes = value);
        options.DataDirectory = configuration["ClaudeDrive:DataDirectory"] is { Length: > 0 } directory ? directory : options.DataDirectory;
        Duration(options, "Reconciliation:Interval", value => options.ReconciliationInterval = value);
        DurationOrOff(options, "Retention:Events", value => options.Retention.Events = value);
        DurationOrOff(options, "Retention:Deliveries", value => options.Retention.Deliveries = value);
    }

    private void Number(ClaudeDriveOptions options, string key, Action<int> set)
    {
        if (configuration![$"ClaudeDrive:{key}"] is { Length: > 0 } text)
        {
            Take(options, key, int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value), () => set(value), "a whole number");
        }
    }

    private void Long(ClaudeDriveOptions options, string key, Action<long> set)
    {
        if (configuration![$"ClaudeDrive:{key}"] is { Length: > 0 } text)
        {
            Take(options, key, long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value), () => set(value), "a whole number");
        }
    }

    private void Duration(ClaudeDriveOptions options, string key, Action<TimeSpan> set)
    {
        if (configuration![$"ClaudeDrive:{key}"] is { Length: > 0 } text)
        {
            Take(options, key, TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value), () => set(value), "a duration such as 00:00:02");
        }
    }

    private void DurationOrOff(ClaudeDriveOptions options, string key, Action<TimeSpan?> set)
    {
        if (configuration![$"ClaudeDrive:{key}"] is { Length: > 0 } text)
        {
            var isOff = text.Equals("off", StringComparison.OrdinalIgnoreCase);
            var isDuration = TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value);
            Take(options, key, isOff || isDuration, () => set(isOff ? null : value), "a duration such as 90.00:00:00, or off");
        }
    }

    private static void Take(ClaudeDriveOptions options, string key, bool isReadable, Action set, string expected)
    {
        if (isReadable)
        {
            set();
        }
        else
        {
            options.Unreadable.Add($"ClaudeDrive:{key}: must be {expected}.");
        }
    }
}
