namespace ClaudeDrive.Simulator;

/// <summary>Settings of one simulator. Everything has a default, so <c>new SimulatorOptions()</c> starts an idle world without a target.</summary>
internal sealed record SimulatorOptions
{
    /// <summary>Addresses Kestrel listens on, separated by <c>;</c>. Port 0 takes a free one.</summary>
    /// <value>Default <c>http://127.0.0.1:4010</c>.</value>
    public string Urls { get; init; } = "http://127.0.0.1:4010";

    /// <summary>Where signed deliveries go. Without it events are recorded in the ledger as <c>no_target</c> and never sent.</summary>
    public Uri? Target { get; init; }

    /// <summary>Signing secret (<c>whsec_</c> + base64 of 24 to 64 bytes). Without it one is derived from <see cref="Seed"/>.</summary>
    public string? Secret { get; init; }

    /// <summary>The source of every id, name, choice and jitter.</summary>
    /// <value>Default 1.</value>
    public int Seed { get; init; } = 1;

    /// <summary>The only API key accepted. Without it any non-empty key is.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Event types the endpoint is subscribed to at start; <see langword="null"/> = all.</summary>
    public IReadOnlyList<string>? EnabledEvents { get; init; }

    /// <summary>Shortest wait before the second delivery attempt.</summary>
    /// <value>Default 5 s (the lower bound Anthropic documents).</value>
    public TimeSpan RetryBaseDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait between two delivery attempts.</summary>
    /// <value>Default 120 s (the upper bound Anthropic documents).</value>
    public TimeSpan RetryMaxDelay { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How long one delivery attempt may take.</summary>
    /// <value>Default 15 s (Standard Webhooks recommends 15 to 30 s to senders).</value>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Uninterrupted failure for this long disables the endpoint; one 2xx starts it anew. The real value is unpublished.</summary>
    /// <value>Default 3 days.</value>
    public TimeSpan SustainedFailureLimit { get; init; } = TimeSpan.FromDays(3);

    /// <summary>How many deliveries may be in flight at once, 1 to 1000.</summary>
    /// <value>Default 32.</value>
    public int DeliveryConcurrency { get; init; } = 32;

    /// <summary>Whether a target that resolves to a private or loopback address is allowed; the real service disables such an endpoint at once.</summary>
    /// <value>Default <see langword="true"/>: a simulator is mostly used on one machine.</value>
    public bool AllowPrivateTarget { get; init; } = true;

    /// <summary>Share (0 to 1) of events sent in the guide dialect: flat body and <c>X-Webhook-*</c> headers.</summary>
    /// <value>Default 0.</value>
    public double GuideShare { get; init; }

    /// <summary>Share (0 to 1) of guide events that carry only a body signature in <c>X-Webhook-Signature</c>.</summary>
    /// <value>Default 0.5.</value>
    public double GuideBodyOnlyShare { get; init; } = 0.5;

    /// <summary>Hold of a delivery hit by the fault <c>reorder</c>; the delivery waits between half and all of it.</summary>
    /// <value>Default 500 ms.</value>
    public TimeSpan ReorderHold { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Hold of a delivery hit by the fault <c>delay</c>.</summary>
    /// <value>Default 3 s.</value>
    public TimeSpan DelayHold { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a session read still shows the state before the idle under the fault <c>status_lag</c>.</summary>
    /// <value>Default 1 s.</value>
    public TimeSpan StatusLag { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a request hit by <c>api_timeout</c> is held before its connection is aborted.</summary>
    /// <value>Default 30 s.</value>
    public TimeSpan ApiTimeoutHold { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Value of the <c>retry-after</c> header on half of the injected 429 answers, in whole seconds.</summary>
    /// <value>Default 1 s.</value>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time between two SSE pings.</summary>
    /// <value>Default 15 s.</value>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Time scale of the stories: 1 = a turn takes some seconds, 0 = no waiting at all.</summary>
    /// <value>Default 1.</value>
    public double StoryPace { get; init; } = 1;

    /// <summary>Scenario to play at start: a name, <c>mixed</c> (or <c>all</c>), or a path of a JSON scenario file. Without it nothing starts.</summary>
    public string? Scenario { get; init; }

    /// <summary>How often the scenario is started.</summary>
    /// <value>Default 1.</value>
    public int? Count { get; init; }

    /// <summary>Sessions started per second; without it all start at once.</summary>
    public double? Rate { get; init; }

    /// <summary>Faults set from the start, by name (see <c>FaultName</c>).</summary>
    public IReadOnlyDictionary<string, FaultSetting> Faults { get; init; } = new Dictionary<string, FaultSetting>(StringComparer.Ordinal);

    /// <summary>Clock of stories, signatures and retries.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Receives what happens, for a console. Called on worker threads; must not block.</summary>
    public IProgress<SimulatorEvent>? Progress { get; init; }
}
