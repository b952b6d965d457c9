namespace ClaudeDrive.Server;

/// <summary>The configuration cannot be used. Names every problem with its key; holds no secret. The program ends with code 2.</summary>
internal sealed class ServerSettingsException(IReadOnlyList<string> problems)
    : Exception("The configuration has problems: " + string.Join(" ", problems))
{
    /// <summary>Every problem, each beginning with its key.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
