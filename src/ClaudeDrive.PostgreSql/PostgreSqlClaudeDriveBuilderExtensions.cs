using ClaudeDrive.Hosting;
using ClaudeDrive.Inbox;
using ClaudeDrive.Nodes;
using ClaudeDrive.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClaudeDrive.PostgreSql;

/// <summary>Adds the PostgreSQL store.</summary>
public static class PostgreSqlClaudeDriveBuilderExtensions
{
    /// <summary>
    /// Keeps everything in one PostgreSQL database (14 or newer), for any number of processes. Durable when a call returns, as far as the server's
    /// <c>fsync</c> and <c>synchronous_commit</c> are on. The first store that is added wins. Throws <see cref="ArgumentNullException"/> when an
    /// argument is null; options out of range end the start with <see cref="OptionsValidationException"/>.
    /// </summary>
    /// <param name="builder">Where to add it.</param>
    /// <param name="configure">Sets the options; may be called again, later calls see what earlier ones set.</param>
    /// <returns>The same builder.</returns>
    public static IClaudeDriveBuilder UsePostgreSql(this IClaudeDriveBuilder builder, Action<PostgreSqlStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddOptions<PostgreSqlStoreOptions>().Configure(configure).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgreSqlStoreOptions>, PostgreSqlStoreOptionsValidator>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<IDriveStore>(static services => new PostgreSqlDriveStore(
            services.GetRequiredService<IOptions<PostgreSqlStoreOptions>>().Value,
            services.GetRequiredService<NodeIdentity>().NodeId,
            Coalescing.Default,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<PostgreSqlDriveStore>>()));
        return builder;
    }
}
