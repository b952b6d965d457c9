using ClaudeDrive.Access;

namespace ClaudeDrive.AspNetCore.Access;

/// <summary>Knows some callers by their bearer key. All registered sources are asked in order; the first that knows the key decides.</summary>
internal interface ICallerSource
{
    /// <summary>The caller with that key; null when this source does not know it. Compares in constant time.</summary>
    ValueTask<Caller?> FindAsync(string key, CancellationToken cancellationToken);
}
