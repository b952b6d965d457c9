using System.Globalization;
using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClaudeDrive.Server;

/// <summary>
/// Bounds for everything a stranger can send; bodies have tighter bounds where they are read. What Kestrel has a good bound for of its own is repeated
/// here, so that it is seen and tested.
/// </summary>
internal static class ServerLimits
{
    /// <summary>Configuration key of the largest number of connections that have proven nothing.</summary>
    public const string ConnectionsKey = "ClaudeDrive:MaxConnections";

    /// <summary>Chosen: half a gigabyte, if each of them held all that an HTTP/1.1 connection may hold before its body is read.</summary>
    public const int DefaultConnections = 4096;

    // Two readers of one request must not see two ends of its headers: a line ends with CR LF, never with LF alone.
    private const string StrictLinesSwitch = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    private const int FewestConnections = 16;
    private const int MostConnections = 1_000_000;

    /// <summary>The number in force: 16 to 1,000,000; the default when it cannot be read, which <see cref="FindProblems"/> reports.</summary>
    public static int ReadConnections(IConfiguration configuration) =>
        TryReadConnections(configuration, out var value) ? value : DefaultConnections;

    /// <summary>The problem of the setting, if it has one.</summary>
    public static IEnumerable<string> FindProblems(IConfiguration configuration) => TryReadConnections(configuration, out _)
        ? []
        : [string.Create(CultureInfo.InvariantCulture, $"{ConnectionsKey}: must be a whole number from {FewestConnections} to {MostConnections}.")];

    /// <summary>Sets the bounds.</summary>
    public static void Apply(KestrelServerOptions kestrel, IConfiguration configuration)
    {
        AppContext.SetSwitch(StrictLinesSwitch, true);
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        var limits = kestrel.Limits;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.MaxRequestHeaderCount = 100;
        limits.MaxRequestBodySize = 16 * 1024 * 1024;

        // What arrives before anybody reads it, and answers that nobody fetches: per connection.
        limits.MaxRequestBufferSize = 128 * 1024;
        limits.MaxResponseBufferSize = 64 * 1024;

        // From the first byte to the end of the headers, however slowly they drip; and between requests.
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);

        // Bodies of the API and answers; the receiver has a limit of its own, which answers with a problem document.
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        ApplyHttp2(limits.Http2);

        // The crowd keeps the unproven in bounds and closes the oldest; this is the wall behind it, for callers with a key.
        var most = ReadConnections(configuration);
        limits.MaxConcurrentConnections = 2L * most;
        var connections = new OpenConnections(most);
        kestrel.ConfigureEndpointDefaults(listen => listen.Use(connections.Wrap));
        kestrel.ConfigureHttpsDefaults(https => https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13);
    }

    // HTTP/2 comes with TLS only. One connection is one for the crowd, so it must not carry much more than one of HTTP/1.1.
    private static void ApplyHttp2(Http2Limits http2)
    {
        http2.MaxStreamsPerConnection = 32;
        http2.MaxRequestHeaderFieldSize = 16 * 1024;
        http2.HeaderTableSize = 4096;
        http2.MaxFrameSize = 16 * 1024;
        http2.InitialConnectionWindowSize = 512 * 1024;
        http2.InitialStreamWindowSize = 128 * 1024;
        http2.KeepAlivePingDelay = TimeSpan.FromSeconds(60);
        http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
    }

    private static bool TryReadConnections(IConfiguration configuration, out int value)
    {
        value = DefaultConnections;
        return configuration[ConnectionsKey] is not { Length: > 0 } text
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is >= FewestConnections and <= MostConnections);
    }
}
