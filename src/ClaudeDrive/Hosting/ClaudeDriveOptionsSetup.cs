using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ClaudeDrive.Hosting;

/// <summary>Reads the options from the host's configuration (contract §2). Values that cannot be read are reported by the binder with their key.</summary>
internal sealed class ClaudeDriveOptionsSetup(IConfiguration? configuration = null) : IConfigureOptions<ClaudeDriveOptions>
{
    /// <inheritdoc />
    public void Configure(ClaudeDriveOptions options)
    {
        if (configuration is null)
        {
            return;
        }

        var section = configuration.GetSection("ClaudeDrive");
        section.GetSection("Hydration").Bind(options.Hydration);
        options.ReconciliationInterval = section.GetValue("Reconciliation:Interval", options.ReconciliationInterval);
        options.Hydration.ApiKey = configuration["ANTHROPIC_API_KEY"] ?? options.Hydration.ApiKey;
        if (configuration["ANTHROPIC_BASE_URL"] is { Length: > 0 } address)
        {
            options.Hydration.BaseUrl = Uri.TryCreate(address, UriKind.RelativeOrAbsolute, out var url) ? url : new Uri("invalid:", UriKind.RelativeOrAbsolute);
        }
    }
}
