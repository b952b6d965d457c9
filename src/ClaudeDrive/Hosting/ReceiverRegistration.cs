using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace ClaudeDrive.Hosting;

/// <summary>Registers what the receiver needs beside a store. Safe to call twice.</summary>
internal static class ReceiverRegistration
{
    /// <summary>Endpoints from the configuration, counting and recording of refusals, the clock.</summary>
    public static IServiceCollection AddReceiver(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ClaudeDriveMetrics>();
        services.TryAddSingleton<IEndpointDirectory, ConfigurationEndpointDirectory>();
        services.TryAddSingleton<DeliveryMetrics>();
        if (services.Any(s => s.ServiceType == typeof(RejectionRecorder)))
        {
            return services;
        }

        services.AddSingleton(p => ActivatorUtilities.CreateInstance<RejectionRecorder>(p, p.GetRequiredService<Storage.IDriveStore>()));
        services.AddSingleton<IHostedService>(p => p.GetRequiredService<RejectionRecorder>());
        return services;
    }
}
