namespace ClaudeDrive.Sqlite.Writing;

/// <summary>A work row that a lease still holds.</summary>
/// <param name="Id">The row.</param>
/// <param name="Dirty">True when something asked for another look since the claim.</param>
internal readonly record struct HeldWork(long Id, bool Dirty);
