using System.Globalization;

namespace ClaudeDrive.Server;

/// <summary>
/// Tells browsers to come back by https only (RFC 6797): on answers that went out by https, to a name that is not this machine's own. Nothing is ever
/// redirected: one 3xx makes Claude disable an endpoint.
/// </summary>
internal sealed class StrictTransport
{
    /// <summary>The configuration key.</summary>
    public const string Key = "ClaudeDrive:HstsMaxAge";

    /// <summary>A year, as browsers' lists ask for.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromDays(365);

    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    private readonly string? _value;

    private StrictTransport(TimeSpan maxAge) =>
        _value = maxAge == TimeSpan.Zero ? null : string.Create(CultureInfo.InvariantCulture, $"max-age={(long)maxAge.TotalSeconds}");

    /// <summary>Reads the setting; the default when it cannot be read, which <see cref="FindProblems"/> reports.</summary>
    public static StrictTransport Read(IConfiguration configuration) => new(TryRead(configuration, out var value) ? value : Default);

    /// <summary>The problem of the setting, if it has one.</summary>
    public static IEnumerable<string> FindProblems(IConfiguration configuration) => TryRead(configuration, out _)
        ? []
        : [string.Create(CultureInfo.InvariantCulture, $"{Key}: must be a time from {TimeSpan.Zero:c} (off) to {Longest:c}.")];

    /// <summary>Adds the header to the answer of this request, where it belongs.</summary>
    public void Set(HttpContext context)
    {
        if (_value is not null && context.Request.IsHttps && !AllowedHosts.IsAddressOrLoopback(context.Request.Host.Host))
        {
            // At the last moment: an answer that is begun anew keeps it.
            context.Response.OnStarting(static state =>
            {
                var (response, value) = ((HttpResponse, string))state;
                response.Headers.StrictTransportSecurity = value;
                return Task.CompletedTask;
            }, (context.Response, _value));
        }
    }

    private static bool TryRead(IConfiguration configuration, out TimeSpan value)
    {
        value = Default;
        return configuration[Key] is not { Length: > 0 } text
            || (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value) && value >= TimeSpan.Zero && value <= Longest);
    }
}
