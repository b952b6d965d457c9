namespace ClaudeDrive.Redaction;

/// <summary>One step of a path: a member by its name, an element by its place, or, when neither is given, any child.</summary>
/// <param name="Name">Name of a member, compared exactly; null: not by name.</param>
/// <param name="Index">Place of an element from 0; null: not by place.</param>
/// <param name="IsDescendant">True when the child may be any number of levels deeper.</param>
internal readonly record struct PathStep(string? Name, int? Index, bool IsDescendant)
{
    /// <summary>True when a child of this name or place is meant.</summary>
    public bool Matches(string? name, int index) =>
        Name is not null ? string.Equals(Name, name, StringComparison.Ordinal) : Index is not { } place || (name is null && place == index);
}
