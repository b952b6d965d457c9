using System.Globalization;
using ClaudeDrive.Chaos.Databases;
using ClaudeDrive.Chaos.Front;
using ClaudeDrive.Chaos.Links;
using ClaudeDrive.Chaos.Load;
using ClaudeDrive.Chaos.Nodes;
using ClaudeDrive.Chaos.Schedules;
using ClaudeDrive.Cli.Api;
using ClaudeDrive.SecretScan;
using ClaudeDrive.Simulator;

namespace ClaudeDrive.Chaos.Running;

/// <summary>Everything that runs: simulator, load balancer, links, nodes and database, on loopback, in one temporary directory. Disposing ends and removes it all.</summary>
internal sealed class ChaosWorld : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly List<Node> _nodes = [];
    private readonly CancellationTokenSource _ending = new();
    private Rotation? _rotation;
    private Task _watching = Task.CompletedTask;

    private ChaosWorld(ChaosOptions options, TimeProvider time)
    {
        Options = options;
        _time = time;
        Secrets = new Secrets(options.Seed);
    }

    public ChaosOptions Options { get; }

    public Secrets Secrets { get; }

    /// <summary>The directory of this run.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("claudedrive-chaos-").FullName;

    public IReadOnlyList<Node> Nodes => _nodes;

    public Rotation Rotation => _rotation!;

    public SimulatorHost Simulator { get; private set; } = null!;

    public FrontDoor Front { get; private set; } = null!;

    /// <summary>The database server; null with SQLite.</summary>
    public PostgresServer? Database { get; private set; }

    /// <summary>Why no disk can be filled; null when each can, or when nobody asked for it.</summary>
    public string? DiskProblem { get; private set; }

    /// <summary>Starts everything; returns when every node listens.</summary>
    public static async Task<ChaosWorld> StartAsync(ChaosOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var world = new ChaosWorld(options, time);
        try
        {
            await world.StartAsync(cancellationToken);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of a node, as the administrator.</summary>
    public ApiClient ClientOf(Node node) => new(ServerAddress.From(node.Parts.Setup.Url, Secrets.Administrator, static _ => null), _time);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        List<Func<ValueTask>> steps = [StopFrontAsync, .. _nodes.Select(node => (Func<ValueTask>)node.DisposeAsync)];
        if (Simulator is not null)
        {
            steps.Insert(0, Simulator.DisposeAsync);
        }

        if (Database is not null)
        {
            steps.Add(Database.DisposeAsync);
        }

        steps.Add(() =>
        {
            SuiteOutput.End(Folder);
            return ValueTask.CompletedTask;
        });
        List<Exception> failures = [];
        foreach (var step in steps)
        {
            try
            {
                await step();
            }
            catch (Exception failure) // One part that does not end must not keep the others from ending.
            {
                failures.Add(failure);
            }
        }

        _ending.Dispose();
        if (failures.Count > 0)
        {
            throw new AggregateException("not everything was cleaned up", failures);
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Options.Store == StoreKind.Postgresql)
        {
            Database = await PostgresServer.StartAsync(cancellationToken);
        }

        Simulator = await SimulatorHost.StartAsync(SimulatorSettings(), cancellationToken);
        for (var number = 1; number <= Options.Nodes; number++)
        {
            _nodes.Add(new Node(await PrepareAsync(number, cancellationToken), _time));
        }

        _rotation = new Rotation([.. _nodes.Select(static node => new Uri(node.Parts.Setup.Url))], _time);
        _watching = _rotation.RunAsync(_ending.Token);
        Front = await FrontDoor.StartAsync(_rotation, cancellationToken);
        lock (Simulator.World.Gate)
        {
            Simulator.World.Endpoint.Url = new Uri(Front.Url, "/webhooks/claude");
        }

        await Task.WhenAll(_nodes.Select(node => node.StartAsync(cancellationToken)));
        await _rotation.FullAsync(cancellationToken);
    }

    private SimulatorOptions SimulatorSettings() => new()
    {
        Urls = "http://127.0.0.1:0",
        Secret = Secrets.Signing,
        ApiKey = Secrets.Claude,
        Seed = Options.Seed,
        StoryPace = 0.5,
        GuideShare = 0.2,
        RetryBaseDelay = TimeSpan.FromMilliseconds(500),
        RetryMaxDelay = TimeSpan.FromSeconds(4),
        DeliveryTimeout = TimeSpan.FromSeconds(5),
        DeliveryConcurrency = 64,
        ReorderHold = TimeSpan.FromSeconds(1),
        DelayHold = TimeSpan.FromSeconds(2),
        StatusLag = TimeSpan.FromMilliseconds(700),
        ApiTimeoutHold = TimeSpan.FromSeconds(4),
        Faults = EverydayFaults.On,
    };

    private async Task<NodeParts> PrepareAsync(int number, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"node{number}");
        var data = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        var api = FaultProxy.Start(Simulator.BaseUrl.Port, Options.Seed + number, _time);
        var database = Database is null ? null : FaultProxy.Start(Database.Port, Options.Seed - number, _time);
        var log = new NodeLog(Path.Combine(Folder, name + ".log"), Secrets.All);
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}");
        var settings = NodeSettings.Of(Secrets, api.Port, database?.Port);
        return new NodeParts(number, new ServerSetup(url, data, Secrets.Administrator, settings) { Hear = log.Hear }, log, api)
        {
            Database = database,
            Disk = await MountAsync(data, cancellationToken),
        };
    }

    private async Task<BoundedDisk?> MountAsync(string directory, CancellationToken cancellationToken)
    {
        if (Options.Without.Contains(ActionKind.DiskFull))
        {
            return null;
        }

        (var disk, DiskProblem) = await BoundedDisk.TryMountAsync(directory, cancellationToken);
        return disk;
    }

    private async ValueTask StopFrontAsync()
    {
        await _ending.CancelAsync();
        await _watching;
        if (Front is not null)
        {
            await Front.DisposeAsync();
        }

        _rotation?.Dispose();
    }
}
