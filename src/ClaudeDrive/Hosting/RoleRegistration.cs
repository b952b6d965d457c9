using ClaudeDrive.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClaudeDrive.Hosting;

/// <summary>Workers that run on nodes of one role only. The roles are known when the host starts, which is after the registration.</summary>
internal static class RoleRegistration
{
    /// <summary>Runs the registered singleton <typeparamref name="T"/> with the host, when this node has the role.</summary>
    public static IServiceCollection AddHostedFor<T>(this IServiceCollection services, NodeRoles role)
        where T : class, IHostedService => services.AddHostedFor(role, static provider => provider.GetRequiredService<T>());

    /// <summary>Runs what <paramref name="make"/> makes with the host, when this node has the role; else it is not even made.</summary>
    public static IServiceCollection AddHostedFor(this IServiceCollection services, NodeRoles role, Func<IServiceProvider, IHostedService> make) =>
        services.AddSingleton(provider => provider.GetRequiredService<NodeIdentity>().Roles.HasFlag(role) ? make(provider) : Absent.Instance);

    /// <summary>Stands where another node's work would.</summary>
    private sealed class Absent : IHostedService
    {
        public static readonly IHostedService Instance = new Absent();

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
