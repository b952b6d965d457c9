namespace ClaudeDrive.Cli.Verify;

/// <summary>One delivery to examine, as it would reach the receiver.</summary>
internal sealed record SignatureInput
{
    /// <summary>Headers in the order given; names compare without case and may repeat.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The exact bytes.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Secrets as text, with or without <c>whsec_</c>. Never shown.</summary>
    public required IReadOnlyList<string> Secrets { get; init; }

    /// <summary>The instant freshness is measured from.</summary>
    public required DateTimeOffset Now { get; init; }
}
