using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace ClaudeDrive.Ingest;

/// <summary>
/// The endpoints of the configuration, read again whenever it is reloaded. A reload with problems changes nothing: what worked goes on working.
/// </summary>
internal sealed partial class ConfigurationEndpointDirectory : IEndpointDirectory, IDisposable
{
    private readonly ILogger<ConfigurationEndpointDirectory> _logger;
    private readonly IDisposable _reloads;
    private volatile FrozenDictionary<string, WebhookEndpoint> _endpoints;

    /// <summary>Reads the configuration and follows its changes.</summary>
    public ConfigurationEndpointDirectory(IConfiguration configuration, ILogger<ConfigurationEndpointDirectory> logger)
    {
        _logger = logger;
        _endpoints = EndpointSettings.Read(configuration).Endpoints;
        _reloads = ChangeToken.OnChange(configuration.GetReloadToken, () => Reload(configuration));
    }

    /// <inheritdoc/>
    public WebhookEndpoint? Find(string name) => _endpoints.GetValueOrDefault(name);

    /// <summary>Stops following changes.</summary>
    public void Dispose() => _reloads.Dispose();

    private void Reload(IConfiguration configuration)
    {
        var settings = EndpointSettings.Read(configuration);
        if (settings.Problems.Count == 0)
        {
            _endpoints = settings.Endpoints;
            Log.Reloaded(_logger, _endpoints.Count);
        }
        else if (_logger.IsEnabled(LogLevel.Warning))
        {
            Log.NotReloaded(_logger, string.Join(" ", settings.Problems));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Information, "The endpoints were read again: {Count} are usable.")]
        public static partial void Reloaded(ILogger logger, int count);

        [LoggerMessage(1002, LogLevel.Warning, "The endpoints were not changed, since the new configuration has problems. {Problems}")]
        public static partial void NotReloaded(ILogger logger, string problems);
    }
}
