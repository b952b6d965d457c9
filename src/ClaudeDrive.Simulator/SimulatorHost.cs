using System.Globalization;
using System.Text.Json.Nodes;
using ClaudeDrive.Simulator.Api;
using ClaudeDrive.Simulator.Control;
using ClaudeDrive.Simulator.Delivery;
using ClaudeDrive.Simulator.Resources;
using ClaudeDrive.Simulator.Stories;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClaudeDrive.Simulator;

/// <summary>A running simulator: the fake Claude API with its webhook sender. Dispose it to stop.</summary>
internal sealed class SimulatorHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SimulatorHost(WebApplication app, SimulatorWorld world)
    {
        _app = app;
        World = world;
        BaseUrl = new Uri(app.Urls.First());
    }

    /// <summary>Address of the API, with the port really used.</summary>
    public Uri BaseUrl { get; }

    /// <summary>The simulated world.</summary>
    public SimulatorWorld World { get; }

    /// <summary>The signing secret deliveries carry now. Show it to the person who starts the simulator; never log it.</summary>
    public string Secret => World.CurrentSecret;

    /// <summary>
    /// Starts listening and, if the options name a scenario, the stories. Throws <see cref="ArgumentException"/> when an option is invalid and
    /// <see cref="IOException"/> when the address is taken.
    /// </summary>
    public static async Task<SimulatorHost> StartAsync(SimulatorOptions options, CancellationToken cancellationToken = default)
    {
        Validate(options);
        var plan = options.Scenario is { } scenario ? ScenarioPlan.Read(scenario, options.Count ?? 1) : null;
        var world = new SimulatorWorld(options);
        var app = Build(options, world);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            world.Dispose();
            throw;
        }

        var host = new SimulatorHost(app, world);
        if (plan is not null)
        {
            world.Quiet.Start(() => PlayAsync(world, plan));
        }

        return host;
    }

    /// <summary>Completes when every story has reached its resting point and no delivery is pending.</summary>
    public Task WaitForQuietAsync(CancellationToken cancellationToken) => World.Quiet.WaitAsync(cancellationToken);

    /// <summary>Starts <paramref name="count"/> sessions of a named scenario and returns their ids. Throws <see cref="ArgumentException"/> for an unknown name.</summary>
    public IReadOnlyList<string> StartSessions(string scenario, int count = 1, string? title = null, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var found = ScenarioBook.Find(scenario) ?? throw new ArgumentException($"Unknown scenario '{scenario}'.", nameof(scenario));
        lock (World.Gate)
        {
            return [.. Enumerable.Range(0, count).Select(_ => World.Sessions.CreateFromScenario("sim", found, title, metadata).Id)];
        }
    }

    /// <summary>Creates one of every other kind of resource, with its webhooks.</summary>
    public void StartResources()
    {
        lock (World.Gate)
        {
            ResourceStory.Play(World);
        }
    }

    /// <summary>Emits <paramref name="events"/> webhooks about one session at once, as a storm of updates would.</summary>
    public void Burst(string sessionId, int events)
    {
        lock (World.Gate)
        {
            var session = World.Sessions.Find(sessionId) ?? throw new ArgumentException($"Unknown session '{sessionId}'.", nameof(sessionId));
            for (var i = 0; i < events; i++)
            {
                World.EmitSession(session, "session.updated");
            }
        }
    }

    /// <summary>The ledger now, as <c>GET /_sim/ledger</c> answers it: an independent copy.</summary>
    public JsonObject ReadLedger()
    {
        string text;
        lock (World.Gate)
        {
            text = Ledger.Render(World).ToJsonString(WireJson.Options);
        }

        return JsonNode.Parse(text)!.AsObject();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        World.Stop();
        await _app.StopAsync(CancellationToken.None);
        await World.Quiet.DrainAsync();
        await _app.DisposeAsync();
        World.Dispose();
    }

    private static void Validate(SimulatorOptions options)
    {
        if (options.Secret is { } secret && !WebhookSignature.IsUsable(secret))
        {
            throw new ArgumentException("The secret must be whsec_ followed by base64 of 24 to 64 bytes.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(options.DeliveryConcurrency, 1, nameof(options.DeliveryConcurrency));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.DeliveryConcurrency, 1000, nameof(options.DeliveryConcurrency));
        ArgumentOutOfRangeException.ThrowIfNegative(options.StoryPace, nameof(options.StoryPace));
        if (options.Rate is <= 0)
        {
            throw new ArgumentException("The rate must be above 0 sessions per second.");
        }
    }

    private static WebApplication Build(SimulatorOptions options, SimulatorWorld world)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(SimulatorHost).Assembly.GetName().Name });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(options.Urls.Split(';'));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 33 * 1024 * 1024;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        var app = builder.Build();
        app.UseRouting();
        app.Use(next => new ApiGate(world, next).InvokeAsync);
        ApiRoutes.Map(app, world);
        ControlRoutes.Map(app, world);
        return app;
    }

    private static async Task PlayAsync(SimulatorWorld world, ScenarioPlan plan)
    {
        if (plan.WithResources)
        {
            lock (world.Gate)
            {
                ResourceStory.Play(world);
            }
        }

        foreach (var planned in plan.Sessions)
        {
            world.Stopping.ThrowIfCancellationRequested();
            lock (world.Gate)
            {
                world.Sessions.CreateFromScenario("story", planned.Scenario, planned.Title, planned.Metadata);
            }

            if (world.Options.Rate is { } rate)
            {
                await Task.Delay(TimeSpan.FromSeconds(1 / rate), world.Options.Clock, world.Stopping);
            }
        }
    }
}
