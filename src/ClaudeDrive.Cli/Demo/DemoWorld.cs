using System.Security.Cryptography;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.Server;
using ClaudeDrive.Simulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Cli.Demo;

/// <summary>Simulator and server on loopback over a temporary store that goes when they end. Keys and secrets are drawn anew each time.</summary>
internal sealed class DemoWorld : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly string _directory;

    private DemoWorld(SimulatorHost simulator, WebApplication server, string directory, ApiClient api, string apiKey)
    {
        Simulator = simulator;
        _server = server;
        _directory = directory;
        Api = api;
        ApiKey = apiKey;
    }

    /// <summary>The fake Claude.</summary>
    public SimulatorHost Simulator { get; }

    /// <summary>The server's API, with the administrator's key.</summary>
    public ApiClient Api { get; }

    /// <summary>The administrator's key of this demo: shown, since nothing but this demo answers to it.</summary>
    public string ApiKey { get; }

    /// <summary>Starts both. Throws <see cref="CliException"/> when a port is taken.</summary>
    public static async Task<DemoWorld> StartAsync(DemoSettings settings, IProgress<SimulatorEvent> progress, TimeProvider time, CancellationToken cancellationToken)
    {
        var secret = "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var claudeKey = "sk-demo-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var apiKey = "cd_demo_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        var directory = Directory.CreateTempSubdirectory("claudedrive-demo-").FullName;
        SimulatorHost? simulator = null;
        WebApplication? server = null;
        try
        {
            simulator = await Listening(
                "--sim-port", settings.SimulatorPort, () => SimulatorHost.StartAsync(DemoStory.Simulator(settings, secret, claudeKey, progress), cancellationToken));
            server = ServerHost.Build(ServerOptionsOf(settings, simulator.BaseUrl, secret, claudeKey, apiKey, directory));
            await Listening("--port", settings.Port, async () =>
            {
                await server.StartAsync(cancellationToken);
                return true;
            });
            var url = new Uri(server.Urls.First());
            lock (simulator.World.Gate)
            {
                simulator.World.Endpoint.Url = new Uri(url, "/webhooks/claude");
            }

            var api = new ApiClient(ServerAddress.From(url.ToString(), apiKey, static _ => null), time);
            return new DemoWorld(simulator, server, directory, api, apiKey);
        }
        catch
        {
            await StopAsync(simulator, server, directory);
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await StopAsync(Simulator, _server, _directory);
    }

    private static ServerOptions ServerOptionsOf(DemoSettings settings, Uri claude, string secret, string claudeKey, string apiKey, string directory) => new()
    {
        Urls = [FormattableString.Invariant($"http://127.0.0.1:{settings.Port}")],
        DataDirectory = directory,
        AnnounceAdminKey = static _ => { },
        Settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["ANTHROPIC_API_KEY"] = claudeKey,
            ["ANTHROPIC_BASE_URL"] = claude.ToString(),
            ["ANTHROPIC_WEBHOOK_SIGNING_KEY"] = secret,
            ["ClaudeDrive:AdminKey"] = apiKey,

            // A story of minutes in seconds: the waits shrink with it, the read budget grows.
            ["ClaudeDrive:Hydration:BaseDelay"] = "00:00:00.200",
            ["ClaudeDrive:Hydration:MaxDelay"] = "00:00:02",
            ["ClaudeDrive:Hydration:ReadsPerMinute"] = "60000",
            ["ClaudeDrive:Reconciliation:Interval"] = "00:00:03",
        },
        Configure = static builder => builder.Logging.SetMinimumLevel(LogLevel.Error).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Error),
    };

    private static async Task<T> Listening<T>(string option, int port, Func<Task<T>> start)
    {
        try
        {
            return await start();
        }
        catch (IOException taken)
        {
            throw new CliException(FormattableString.Invariant($"port {port} is taken: {taken.Message}")) { NextStep = $"give another one with {option}, or 0 for any free one" };
        }
    }

    private static async Task StopAsync(SimulatorHost? simulator, WebApplication? server, string directory)
    {
        if (simulator is not null)
        {
            await simulator.DisposeAsync();
        }

        if (server is not null)
        {
            await server.StopAsync(CancellationToken.None);
            await server.DisposeAsync();
        }

        Directory.Delete(directory, recursive: true);
    }
}
