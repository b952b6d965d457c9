namespace ClaudeDrive.Benchmarks.Whole.Stores;

/// <summary>Where a store lies.</summary>
/// <param name="Directory">The data directory.</param>
/// <param name="ConnectionString">The database of a PostgreSQL store; null for SQLite.</param>
/// <param name="DatabaseProcess">The process that the database server's others descend from.</param>
internal sealed record StorePlace(string Directory, string? ConnectionString = null, int? DatabaseProcess = null)
{
    /// <summary>How the verbs of this program are told.</summary>
    public IEnumerable<string> Arguments => ConnectionString is null ? ["--data", Directory] : ["--postgresql", ConnectionString];
}
