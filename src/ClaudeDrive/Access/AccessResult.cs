namespace ClaudeDrive.Access;

/// <summary>What a change of teams or keys made or found, or why it was refused: one of the two.</summary>
internal sealed record AccessResult<T>(T? Value, AccessRefusal? Refusal)
    where T : class
{
    public static implicit operator AccessResult<T>(T value) => new(value, null);

    public static implicit operator AccessResult<T>(AccessRefusal refusal) => new(null, refusal);
}

/// <summary>Why such a change was refused.</summary>
internal enum AccessRefusal
{
    /// <summary>No such team.</summary>
    Unknown,

    /// <summary>The name is in use.</summary>
    NameTaken,

    /// <summary>There are as many as <see cref="AccessLimits"/> allow.</summary>
    TooMany,
}
