using System.Security.Cryptography;
using System.Text;
using ClaudeDrive.Contexts;
using ClaudeDrive.Diagnostics;
using ClaudeDrive.Hydration;
using ClaudeDrive.Inbox;
using ClaudeDrive.Nodes;
using ClaudeDrive.Review;
using ClaudeDrive.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClaudeDrive.Hosting;

/// <summary>Adds ClaudeDrive to a host.</summary>
public static class ClaudeDriveServiceCollectionExtensions
{
    /// <summary>
    /// Adds the workers and everything they need. A store must be chosen on the builder that comes back (<c>UseSqlite</c>, …). Settings are read
    /// from the host's configuration (section <c>ClaudeDrive</c>, <c>ANTHROPIC_API_KEY</c>, <c>ANTHROPIC_BASE_URL</c>), then changed by
    /// <paramref name="configure"/>, and checked when the host starts: all problems at once, each naming its key, as
    /// <see cref="OptionsValidationException"/>.
    /// </summary>
    public static IClaudeDriveBuilder AddClaudeDrive(this IServiceCollection services, Action<ClaudeDriveOptions>? configure = null)
    {
        services.AddOptions<ClaudeDriveOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<ClaudeDriveOptions>, ClaudeDriveOptionsSetup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ClaudeDriveOptions>, ClaudeDriveOptionsValidator>());
        if (configure is not null)
        {
            services.PostConfigure(configure);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.TryAddSingleton<ClaudeDriveMetrics>();
        services.TryAddSingleton(static provider => provider.GetRequiredService<IOptions<ClaudeDriveOptions>>().Value.Hydration);
        services.TryAddSingleton(static provider => new Jitter(provider.GetRequiredService<HydrationOptions>().Seed));
        services.TryAddSingleton<WorkerContext>();
        services.TryAddSingleton(static provider => MakeBudget(provider, provider.GetRequiredService<HydrationOptions>()));
        services.TryAddSingleton(static provider => new ClaudeApi(
            provider.GetRequiredService<HydrationOptions>(),
            provider.GetRequiredService<ReadBudget>(),
            provider.GetRequiredService<ClaudeDriveMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }));
        services.TryAddSingleton<ChangeSignal>();
        services.TryAddSingleton<ResourceFetcher>();
        services.TryAddSingleton<IInboxStore>(static provider => provider.GetRequiredService<IDriveStore>());
        services.TryAddSingleton<IContextStore>(static provider => provider.GetRequiredService<IDriveStore>());
        services.TryAddSingleton<IReviewStore>(static provider => provider.GetRequiredService<IDriveStore>());
        services.AddReceiver();
        AddWorkers(services);
        return new Builder(services);
    }

    /// <summary>Calls a handler of type <typeparamref name="T"/> with every change of every context; see <see cref="IContextHandler"/>.</summary>
    public static IClaudeDriveBuilder AddContextHandler<T>(this IClaudeDriveBuilder builder)
        where T : class, IContextHandler
    {
        builder.Services.TryAddSingleton<T>();
        return AddHandler(builder, typeof(T).FullName ?? typeof(T).Name, static provider => provider.GetRequiredService<T>().OnContextChangedAsync);
    }

    /// <summary>
    /// Calls <paramref name="handler"/> with every change of every session. <paramref name="name"/> keeps its place in the log over restarts:
    /// choose one and leave it. Promises as <see cref="IContextHandler"/>.
    /// </summary>
    public static IClaudeDriveBuilder OnSessionChanged(
        this IClaudeDriveBuilder builder, string name, Func<ContextChanged, CancellationToken, ValueTask> handler)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return AddHandler(builder, name, _ => (change, token) =>
            change.Resource.Type == Ingest.ResourceKey.SessionType ? handler(change, token) : ValueTask.CompletedTask);
    }

    private static IClaudeDriveBuilder AddHandler(
        IClaudeDriveBuilder builder, string name, Func<IServiceProvider, Func<ContextChanged, CancellationToken, ValueTask>> resolve)
    {
        builder.Services.AddHostedFor(NodeRoles.Worker, provider => new HandlerWorker(
            name,
            resolve(provider),
            provider.GetRequiredService<IContextStore>(),
            provider.GetRequiredService<ChangeSignal>(),
            provider.GetRequiredService<WorkerContext>(),
            provider.GetRequiredService<ILogger<HandlerWorker>>()));
        return builder;
    }

    private static void AddWorkers(IServiceCollection services)
    {
        if (services.Any(static s => s.ServiceType == typeof(HydrationWorker)))
        {
            return; // Called twice.
        }

        services.AddSingleton<HydrationWorker>();
        services.AddHostedFor<HydrationWorker>(NodeRoles.Worker);
        services.AddSingleton<SendWorker>();
        services.AddHostedFor<SendWorker>(NodeRoles.Worker);
        services.AddSingleton(static provider => new SessionSweep(
            provider.GetRequiredService<IInboxStore>(),
            provider.GetRequiredService<IContextStore>(),
            provider.GetRequiredService<ClaudeApi>(),
            provider.GetRequiredService<WorkerContext>(),
            provider.GetRequiredService<IOptions<ClaudeDriveOptions>>().Value.ReconciliationInterval,
            provider.GetRequiredService<ILogger<SessionSweep>>()));
        services.AddHostedFor<SessionSweep>(NodeRoles.Worker);
        services.AddSingleton<RetentionWorker>();
        services.AddHostedFor<RetentionWorker>(NodeRoles.Worker);
    }

    // All nodes with the same key draw from the same bucket. Its name tells nothing of the key: it is a part of a hash, for telling keys apart.
    private static ReadBudget MakeBudget(IServiceProvider provider, HydrationOptions options) => new(
        "claude-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options.ApiKey ?? "")))[..16],
        options.ReadsPerMinute,
        provider.GetRequiredService<IDriveStore>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<ReadBudget>>());

    private sealed record Builder(IServiceCollection Services) : IClaudeDriveBuilder;
}
