using ClaudeDrive.Access;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.AspNetCore.Api;
using ClaudeDrive.AspNetCore.Health;
using ClaudeDrive.AspNetCore.Stream;
using ClaudeDrive.Audit;
using ClaudeDrive.Hosting;
using ClaudeDrive.Nodes;
using ClaudeDrive.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClaudeDrive.AspNetCore;

/// <summary>Registers what the JSON API and the health checks need.</summary>
public static class ClaudeDriveApiServiceCollectionExtensions
{
    /// <summary>
    /// Registers the services behind <c>MapClaudeDriveApi</c> and <c>MapClaudeDriveHealth</c>. Needs a store, registered before or after. Safe to
    /// call twice.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddClaudeDriveApi(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddReceiver();
        services.AddRouting();
        services.TryAddSingleton<AdminKey>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICallerSource, AdminKey>(p => p.GetRequiredService<AdminKey>()));
        AddKeys(services);
        services.TryAddSingleton<CallerProof>();
        services.TryAddSingleton<FailedKeys>();
        services.TryAddSingleton<TailPulse>();
        services.TryAddSingleton<Readiness>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IReadinessCheck, StoreReadiness>());
        services.TryAddSingleton<EventTraces>();
        services.TryAddSingleton<BreakGlass>();
        services.TryAddSingleton<ResourcePlaces>();
        services.TryAddSingleton<GrantPreview>();
        services.TryAddSingleton<SessionTimeline>();
        return services;
    }

    private static void AddKeys(IServiceCollection services)
    {
        services.TryAddSingleton<IAccessStore>(static p => p.GetRequiredService<IDriveStore>());
        services.TryAddSingleton<IAuditStore>(static p => p.GetRequiredService<IDriveStore>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICallerSource, KeyCallers>());
        if (services.All(static s => s.ServiceType != typeof(KeyUses)))
        {
            services.AddSingleton<KeyUses>();
            services.AddHostedFor<KeyUses>(NodeRoles.Console);
        }
    }
}
