using ClaudeDrive.AspNetCore;
using ClaudeDrive.AspNetCore.Access;
using ClaudeDrive.Hosting;
using ClaudeDrive.Network;
using ClaudeDrive.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;

namespace ClaudeDrive.Server;

/// <summary>Composes the server from the library's parts. The command line, the demo and the tests build it here.</summary>
internal static class ServerHost
{
    /// <summary>Configuration key of the data directory.</summary>
    public const string DataDirectoryKey = "ClaudeDrive:DataDirectory";

    /// <summary>Builds the application, ready to run. Throws <see cref="ServerSettingsException"/> with every problem of the configuration.</summary>
    public static WebApplication Build(ServerOptions options)
    {
        PollConfigurationFiles();
        var builder = WebApplication.CreateSlimBuilder([.. options.Arguments]);
        Configure(builder.Configuration, options);
        AddLogging(builder.Logging, options.LogFormat);
        builder.WebHost.ConfigureKestrel(kestrel => ServerLimits.Apply(kestrel, builder.Configuration));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseShutdownTimeout(TimeSpan.FromSeconds(15));
        AddGuards(builder);
        builder.Services.AddSingleton(options);
        options.AddDrive(builder);
        builder.Services.AddClaudeDriveApi();
        builder.Services.AddHostedFor(NodeRoles.Console, static provider => ActivatorUtilities.CreateInstance<AdminKeyAnnouncer>(provider));
        builder.Services.ConfigureHttpJsonOptions(ApiDocument.Configure);
        builder.Services.AddOpenApi("v1", ApiDocument.Configure);
        Telemetry.Add(builder);
        options.Configure?.Invoke(builder);

        var app = builder.Build();
        if (ServerSettings.FindProblems(app.Configuration, app.Services) is { Count: > 0 } problems)
        {
            ((IDisposable)app).Dispose();
            throw new ServerSettingsException(problems);
        }

        Map(app);
        return app;
    }

    /// <summary>The one place where the library and its store are chosen.</summary>
    public static void AddDrive(WebApplicationBuilder builder) =>
        StoreSettings.Use(builder.Services.AddClaudeDrive(), builder.Configuration);

    /// <summary>
    /// Lets a changed <c>appsettings.json</c> be found by looking at it every few seconds. The other way watches the whole tree below the working
    /// directory, where the data directory lies unless told otherwise: every write of the database would wake a thread (a tenth of all processor
    /// time under load, measured). Read by the file provider from the environment; whoever set it is not overruled.
    /// </summary>
    private static void PollConfigurationFiles()
    {
        const string Variable = "DOTNET_USE_POLLING_FILE_WATCHER";
        if (Environment.GetEnvironmentVariable(Variable) is null)
        {
            Environment.SetEnvironmentVariable(Variable, "true");
        }
    }

    private static void AddGuards(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(static provider => AllowedHosts.Read(provider.GetRequiredService<IConfiguration>()));
        builder.Services.AddSingleton(static provider => StrictTransport.Read(provider.GetRequiredService<IConfiguration>()));
        builder.Services.AddSingleton(static provider => new OutboundGuard(OutboundSettings.Read(provider.GetRequiredService<IConfiguration>())));

        // Last word over what the framework reads from the environment: it can be told to believe everybody, and to refuse deliveries by their host.
        builder.Services.PostConfigure<ForwardedHeadersOptions>(forwarded => TrustedProxies.Configure(forwarded, builder.Configuration));
        builder.Services.PostConfigure<HostFilteringOptions>(static filter => filter.AllowedHosts = ["*"]);
    }

    private static void Configure(ConfigurationManager configuration, ServerOptions options)
    {
        var settings = new Dictionary<string, string?>(options.Settings);
        if (options.Urls is { Count: > 0 } urls)
        {
            settings[WebHostDefaults.ServerUrlsKey] = string.Join(';', urls);
        }
        else if (string.IsNullOrEmpty(configuration[WebHostDefaults.ServerUrlsKey]))
        {
            settings.TryAdd(WebHostDefaults.ServerUrlsKey, ServerOptions.DefaultUrl);
        }

        if (options.DataDirectory is not null || string.IsNullOrEmpty(configuration[DataDirectoryKey]))
        {
            settings[DataDirectoryKey] = options.DataDirectory ?? settings.GetValueOrDefault(DataDirectoryKey) ?? ServerOptions.DefaultDataDirectory;
        }

        configuration.AddInMemoryCollection(settings);
    }

    private static void AddLogging(ILoggingBuilder logging, LogFormat format)
    {
        logging.ClearProviders();

        // One line per request from the framework would drown ours, and would hold paths that strangers choose.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        // Enabled at any level, it makes an activity and a scope for each request, and writes nothing that LastResort does not.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        if (format == LogFormat.Json)
        {
            logging.AddJsonConsole(o =>
            {
                o.UseUtcTimestamp = true;
                o.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
            });
        }
        else
        {
            logging.AddSimpleConsole(o =>
            {
                o.SingleLine = true;
                o.UseUtcTimestamp = true;
                o.TimestampFormat = "HH:mm:ss'Z' ";
            });
        }
    }

    private static void Map(WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<LastResort>();
        app.UseRouting();
        app.UseMiddleware<HostCheck>();
        var roles = app.Services.GetRequiredService<NodeIdentity>().Roles;
        if (roles.HasFlag(NodeRoles.Ingest))
        {
            app.MapClaudeDriveWebhooks();
        }

        if (roles.HasFlag(NodeRoles.Console))
        {
            app.MapClaudeDriveApi();
        }

        app.MapClaudeDriveHealth();
        app.MapPrometheusScrapingEndpoint("/metrics").WithAccess(AccessRule.Everybody);
        app.MapOpenApi("/openapi/v1.json").KeepAnswer().WithAccess(AccessRule.Everybody);
        AccessRule.Verify(app);
    }
}
