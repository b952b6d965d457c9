using ClaudeDrive.Diagnostics;
using ClaudeDrive.Inbox;
using ClaudeDrive.Inbox.Spool;
using ClaudeDrive.Ingest;
using ClaudeDrive.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ClaudeDrive.Hosting;

/// <summary>Registers what the receiver needs beside a store. Safe to call twice.</summary>
internal static class ReceiverRegistration
{
    /// <summary>
    /// Endpoints from the configuration, opening of the store, the node's signs of life, the spool and its drain, counting and recording of refusals,
    /// the clock.
    /// </summary>
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

        services.AddSingleton<StoreGate>();
        services.AddHostedService<StoreOpener>();
        AddNode(services);
        AddSpool(services);
        services.AddSingleton<RetentionStatus>();
        services.AddSingleton(p => ActivatorUtilities.CreateInstance<RejectionRecorder>(p, p.GetRequiredService<Storage.IDriveStore>()));
        services.AddHostedFor<RejectionRecorder>(NodeRoles.Ingest);
        return services;
    }

    // Before every worker, so that it stops after them: a node that has left must not be working.
    private static void AddNode(IServiceCollection services)
    {
        services.TryAddSingleton(static p =>
            NodeIdentity.Create(p.GetRequiredService<IOptions<ClaudeDriveOptions>>().Value.Roles, p.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<INodeStore>(static p => p.GetRequiredService<Storage.IDriveStore>());
        services.TryAddSingleton<Duties>();
        services.AddHostedService<NodeHeart>();
    }

    private static void AddSpool(IServiceCollection services)
    {
        services.TryAddSingleton(static p =>
        {
            var options = p.GetRequiredService<IOptions<ClaudeDriveOptions>>().Value;
            var directory = options.DataDirectory ?? p.GetService<StoreDirectory>()?.Path;
            return new SpoolSettings
            {
                Directory = directory is null ? null : Path.Combine(directory, "spool"),
                MaxBytes = options.SpoolMaxBytes,
            };
        });
        services.AddSingleton<SpoolMetrics>();
        services.AddSingleton<DeliverySpool>();
        services.AddSingleton(static p => ActivatorUtilities.CreateInstance<DeliveryIntake>(p, p.GetRequiredService<Storage.IDriveStore>()));
        services.AddSingleton<SpoolDrainWorker>();
        services.AddHostedFor<SpoolDrainWorker>(NodeRoles.Ingest);
        services.AddSingleton<IReadinessCheck, SpoolReadiness>();
    }
}
