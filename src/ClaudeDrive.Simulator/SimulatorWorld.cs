using ClaudeDrive.Simulator.Control;
using ClaudeDrive.Simulator.Delivery;
using ClaudeDrive.Simulator.Faults;
using ClaudeDrive.Simulator.Ids;
using ClaudeDrive.Simulator.Resources;
using ClaudeDrive.Simulator.Sessions;
using ClaudeDrive.Simulator.Stories;

namespace ClaudeDrive.Simulator;

/// <summary>
/// The simulated world: sessions, resources, endpoint and ledger. One lock, <see cref="Gate"/>, guards all mutable state;
/// no input or output happens while it is held.
/// </summary>
internal sealed partial class SimulatorWorld : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly WebhookSender _sender;
    private readonly DeliveryEngine _delivery;
    private bool _disposed;

    public SimulatorWorld(SimulatorOptions options)
    {
        Options = options;
        Source = new SeededSource(options.Seed);
        Faults = new FaultTable(Source, options.Faults);
        Stopping = _stopping.Token;
        OrganizationId = Source.NewUuid("organization");
        WorkspaceId = Source.NewId("wrkspc", "workspace", 1);
        Endpoint = new EndpointState
        {
            Url = options.Target,
            Secret = options.Secret ?? Source.NewSecret("endpoint", 1),
            PreviousSecret = Source.NewSecret("endpoint", 0),
            EnabledEvents = options.EnabledEvents,
        };
        Resources = new ResourceStore(this);
        Sessions = new SessionStore(this);
        Machine = new SessionMachine(this);
        Runner = new StoryRunner(this);
        _sender = new WebhookSender(options, Source);
        _delivery = new DeliveryEngine(this, _sender);
    }

    /// <summary>The settings it was made with.</summary>
    public SimulatorOptions Options { get; }

    /// <summary>Ids and choices.</summary>
    public SeededSource Source { get; }

    /// <summary>The faults in force.</summary>
    public FaultTable Faults { get; }

    /// <summary>Work in progress: stories and deliveries.</summary>
    public QuietGate Quiet { get; } = new();

    /// <summary>Guards everything mutable below.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The organization of this world.</summary>
    public string OrganizationId { get; }

    /// <summary>The one workspace of this world.</summary>
    public string WorkspaceId { get; }

    /// <summary>Sessions.</summary>
    public SessionStore Sessions { get; }

    /// <summary>Agents, environments, vaults and so on.</summary>
    public ResourceStore Resources { get; }

    /// <summary>Transitions of sessions.</summary>
    public SessionMachine Machine { get; }

    /// <summary>Plays the stories.</summary>
    public StoryRunner Runner { get; }

    /// <summary>The endpoint deliveries go to.</summary>
    public EndpointState Endpoint { get; }

    /// <summary>Counters of API requests.</summary>
    public ApiCounters Api { get; } = new();

    /// <summary>User events received, accepted and refused.</summary>
    public List<UserEventEntry> UserEvents { get; } = [];

    /// <summary>Every webhook event, in the order of emission.</summary>
    public List<WebhookRecord> Webhooks { get; } = [];

    /// <summary>Cancelled when the simulator stops.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Now, in whole microseconds.</summary>
    public DateTimeOffset Now => WireTime.Truncate(Options.Clock.GetUtcNow());

    /// <summary>Where deliveries go now; <see langword="null"/> while disabled or without target.</summary>
    public Uri? TargetUrl
    {
        get
        {
            lock (Gate)
            {
                return Endpoint.Enabled ? Endpoint.Url : null;
            }
        }
    }

    /// <summary>The secret in force.</summary>
    public string CurrentSecret
    {
        get
        {
            lock (Gate)
            {
                return Endpoint.Secret;
            }
        }
    }

    /// <summary>The secret before the last rotation.</summary>
    public string PreviousSecret
    {
        get
        {
            lock (Gate)
            {
                return Endpoint.PreviousSecret;
            }
        }
    }

    /// <summary>Ends stories and deliveries; what is unfinished stays so.</summary>
    public void Stop()
    {
        if (!_disposed)
        {
            _stopping.Cancel();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _stopping.Cancel();
        _disposed = true;
        _sender.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Tells the console. Never called for secrets.</summary>
    public void Report(string kind, string? sessionId = null, string? eventId = null, string? name = null, int? status = null, string? detail = null) =>
        Options.Progress?.Report(new SimulatorEvent(kind, Now)
        {
            SessionId = sessionId,
            EventId = eventId,
            Name = name,
            Status = status,
            Detail = detail,
        });
}
