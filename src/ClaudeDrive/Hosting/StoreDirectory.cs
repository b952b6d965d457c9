namespace ClaudeDrive.Hosting;

/// <summary>Where a store that keeps files keeps them: what else must be on this host's disk goes beside it. Registered by such a store.</summary>
/// <param name="Path">The directory.</param>
internal sealed record StoreDirectory(string Path);
