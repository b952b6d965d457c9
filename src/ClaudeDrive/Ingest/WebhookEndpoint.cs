namespace ClaudeDrive.Ingest;

/// <summary>One receiving endpoint as it stands now. Taken anew for every request, since secrets rotate.</summary>
internal sealed record WebhookEndpoint
{
    /// <summary>Its name, lower case: part of the path and of the key of deduplication.</summary>
    public required string Name { get; init; }

    /// <summary>The secrets in force, at least one.</summary>
    public required ReadOnlyMemory<WebhookSecret> Secrets { get; init; }

    /// <summary>The dialects it accepts.</summary>
    public required WebhookDialects Dialects { get; init; }

    /// <summary>Checks requests by its dialects and tolerance.</summary>
    public required WebhookVerifier Verifier { get; init; }

    /// <summary>Size and time that a request may take.</summary>
    public required IngestLimits Limits { get; init; }
}

/// <summary>What the receiver allows a request (contract §2).</summary>
internal sealed record IngestLimits
{
    /// <summary>Largest body, in bytes; 1,024 to 16 MiB.</summary>
    /// <value>262144.</value>
    public int MaxBodyBytes { get; init; } = 256 * 1024;

    /// <summary>Greatest distance between timestamp and arrival, inclusive; zero to a day.</summary>
    /// <value>5 minutes.</value>
    public TimeSpan Tolerance { get; init; } = WebhookSignature.DefaultTolerance;

    /// <summary>Longest wait for the store's commit before 503 is answered; 50 ms to a minute.</summary>
    /// <value>2 seconds.</value>
    public TimeSpan CommitTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
