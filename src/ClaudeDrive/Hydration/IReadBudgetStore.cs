using ClaudeDrive.Diagnostics;

namespace ClaudeDrive.Hydration;

/// <summary>
/// The token bucket of an API key's reads, shared by all nodes: Claude counts per organization, whoever asks. Nothing in it needs to survive a
/// restart: a bucket that nobody knows is full.
/// </summary>
internal interface IReadBudgetStore
{
    /// <summary>
    /// Takes what the bucket gives now, by the store's clock; never waits for tokens. Atomic, not durable. Throws
    /// <see cref="DriveStoreException"/> when the store cannot be reached; tokens may then be lost, never doubled.
    /// </summary>
    ValueTask<ReadGrant> TakeReadsAsync(ReadRequest request, CancellationToken cancellationToken);
}

/// <summary>What is asked of a bucket.</summary>
internal sealed record ReadRequest
{
    /// <summary>Name of the bucket; tells nothing of the key.</summary>
    public required string Bucket { get; init; }

    /// <summary>Tokens that flow in per minute, and the most that it holds: at least 1.</summary>
    public required int PerMinute { get; init; }

    /// <summary>Tokens wanted: 0 or more.</summary>
    public required int Want { get; init; }

    /// <summary>Tokens that must be left for others: 0 or more.</summary>
    public int Reserve { get; init; }

    /// <summary>Claude said wait: the bucket gives nothing for so long from now. The latest end counts; zero changes nothing.</summary>
    public TimeSpan PauseFor { get; init; }
}

/// <summary>What a bucket gave.</summary>
/// <param name="Granted">Tokens taken, 0 to <see cref="ReadRequest.Want"/>.</param>
/// <param name="Wait">Until it can give one more under the same reserve, or until its pause ends; zero when it gave all that was wanted.</param>
internal readonly record struct ReadGrant(int Granted, TimeSpan Wait);
