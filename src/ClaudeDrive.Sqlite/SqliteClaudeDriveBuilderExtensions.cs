using ClaudeDrive.Hosting;
using ClaudeDrive.Inbox;
using ClaudeDrive.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ClaudeDrive.Sqlite;

/// <summary>Adds the SQLite store.</summary>
public static class SqliteClaudeDriveBuilderExtensions
{
    /// <summary>
    /// Keeps everything in one SQLite database on this host's disk: for one process. Durable when a call returns, power loss included, as far as
    /// the disk keeps its promises. The first store that is added wins. Throws <see cref="ArgumentNullException"/> when an argument is null;
    /// options out of range end the start with <see cref="OptionsValidationException"/>.
    /// </summary>
    /// <param name="builder">Where to add it.</param>
    /// <param name="configure">Sets the options; may be called again, later calls see what earlier ones set.</param>
    /// <returns>The same builder.</returns>
    public static IClaudeDriveBuilder UseSqlite(this IClaudeDriveBuilder builder, Action<SqliteStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddOptions<SqliteStoreOptions>().Configure(configure).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SqliteStoreOptions>, SqliteStoreOptionsValidator>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(static services => new StoreDirectory(services.GetRequiredService<IOptions<SqliteStoreOptions>>().Value.DataDirectory));
        builder.Services.TryAddSingleton<IDriveStore>(services => new SqliteDriveStore(
            services.GetRequiredService<IOptions<SqliteStoreOptions>>().Value, services.GetRequiredService<TimeProvider>(), Coalescing.Default));
        return builder;
    }
}
