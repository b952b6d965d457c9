namespace ClaudeDrive.Cli.Serving;

/// <summary>What <c>serve</c> was asked for.</summary>
internal sealed record ServeSettings
{
    /// <summary>Full path of the data directory; null: that of the configuration.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Addresses to listen on; null: those of the configuration.</summary>
    public IReadOnlyList<string>? Urls { get; init; }

    /// <summary>Configuration given on the command line, such as <c>--ClaudeDrive:Store=postgresql</c>, as .NET's own provider reads it.</summary>
    public required IReadOnlyList<string> Configuration { get; init; }
}
