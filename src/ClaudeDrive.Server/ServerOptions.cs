using Microsoft.AspNetCore.Builder;

namespace ClaudeDrive.Server;

/// <summary>What the starter of a server decides; everything else is configuration (contract §2).</summary>
internal sealed record ServerOptions
{
    /// <summary>Where it listens when nothing else is said.</summary>
    public const string DefaultUrl = "http://127.0.0.1:4100";

    /// <summary>Where it keeps its data when nothing else is said.</summary>
    public const string DefaultDataDirectory = "./claudedrive-data";

    /// <summary>Configuration from the command line, as .NET's own provider reads it: wins over every other source but <see cref="Settings"/>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Configuration set by the starter: wins over every other source.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Addresses to listen on; null: those of the configuration (<c>urls</c>), else <see cref="DefaultUrl"/>.</summary>
    public IReadOnlyList<string>? Urls { get; init; }

    /// <summary>Data directory; null: that of the configuration, else <see cref="DefaultDataDirectory"/>.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>How the console log reads.</summary>
    /// <value><see cref="LogFormat.Readable"/>.</value>
    public LogFormat LogFormat { get; init; }

    /// <summary>Gets the administrator's key, this once, when one was made at the first start.</summary>
    /// <value>Prints it to standard output.</value>
    public Action<string> AnnounceAdminKey { get; init; } = AdminKeyAnnouncer.Print;

    /// <summary>Last changes before the application is built: tests and the demo put their store and clock here.</summary>
    public Action<WebApplicationBuilder>? Configure { get; init; }

    /// <summary>Registers library and store; tests replace it.</summary>
    /// <value><see cref="ServerHost.AddDrive"/>.</value>
    public Action<WebApplicationBuilder> AddDrive { get; init; } = ServerHost.AddDrive;
}

/// <summary>How the console log reads.</summary>
internal enum LogFormat
{
    /// <summary>One line for people.</summary>
    Readable,

    /// <summary>One JSON object a line, for collectors.</summary>
    Json,
}
