using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace ClaudeDrive.Ingest;

/// <summary>
/// The endpoints as the configuration has them, with every problem found, each naming its key. Pure: reads the configuration once.
/// </summary>
internal sealed class EndpointSettings
{
    /// <summary>Secrets of the endpoint <c>default</c>, separated by spaces, as the official SDKs name it.</summary>
    public const string DefaultSecretKey = "ANTHROPIC_WEBHOOK_SIGNING_KEY";

    /// <summary>Section of the endpoints.</summary>
    public const string EndpointsKey = "ClaudeDrive:Endpoints";

    /// <summary>Section of the receiver's limits.</summary>
    public const string IngestKey = "ClaudeDrive:Ingest";

    private const int MaxNameChars = 64;

    private readonly List<string> _problems = [];
    private readonly Dictionary<string, WebhookEndpoint> _endpoints = new(StringComparer.OrdinalIgnoreCase);

    private EndpointSettings()
    {
    }

    /// <summary>Every problem; empty when there is none. Holds no part of a secret.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The usable endpoints by name, ASCII case ignored.</summary>
    public FrozenDictionary<string, WebhookEndpoint> Endpoints => _endpoints.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the configuration.</summary>
    public static EndpointSettings Read(IConfiguration configuration)
    {
        var settings = new EndpointSettings();
        var limits = settings.ReadLimits(configuration.GetSection(IngestKey));
        var sections = configuration.GetSection(EndpointsKey).GetChildren().ToDictionary(s => s.Key, StringComparer.OrdinalIgnoreCase);
        var names = sections.Keys.Append(IEndpointDirectory.DefaultName).Distinct(StringComparer.OrdinalIgnoreCase);
        foreach (var name in names)
        {
            settings.ReadEndpoint(configuration, name, sections.GetValueOrDefault(name), limits);
        }

        // An endpoint that is there but wrong has been named already.
        var isNamed = settings._problems.Exists(static problem =>
            problem.StartsWith(DefaultSecretKey, StringComparison.Ordinal) || problem.StartsWith(EndpointsKey, StringComparison.Ordinal));
        if (settings._endpoints.Count == 0 && !isNamed)
        {
            settings._problems.Add($"{DefaultSecretKey}: no endpoint has a signing secret; without one nothing can be proven.");
        }

        return settings;
    }

    private static bool IsName(string name) =>
        name.Length <= MaxNameChars && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private void ReadEndpoint(IConfiguration configuration, string name, IConfigurationSection? section, IngestLimits limits)
    {
        var key = $"{EndpointsKey}:{name}";
        if (!IsName(name))
        {
            _problems.Add($"{key}: a name has at most {MaxNameChars} ASCII letters, digits, '-' and '_'.");
            return;
        }

        var isDefault = name.Equals(IEndpointDirectory.DefaultName, StringComparison.OrdinalIgnoreCase);
        var secrets = new List<WebhookSecret>();
        if (isDefault)
        {
            ReadSecrets(DefaultSecretKey, configuration[DefaultSecretKey], secrets);
        }

        var list = section?.GetSection("Secrets");
        ReadSecrets($"{key}:Secrets", list?.Value, secrets);
        foreach (var item in list?.GetChildren() ?? [])
        {
            ReadSecrets($"{key}:Secrets:{item.Key}", item.Value, secrets);
        }

        var dialects = ReadDialects($"{key}:Dialects", section?.GetSection("Dialects"));
        if (secrets.Count == 0)
        {
            if (!isDefault)
            {
                _problems.Add($"{key}:Secrets: the endpoint has no signing secret that can be used.");
            }

            return;
        }

        var lower = name.ToLowerInvariant();
        _endpoints[lower] = new WebhookEndpoint
        {
            Name = lower,
            Secrets = secrets.DistinctBy(s => s.Id).ToArray(),
            Dialects = dialects,
            Verifier = new WebhookVerifier(dialects, limits.Tolerance),
            Limits = limits,
        };
    }

    private void ReadSecrets(string key, string? text, List<WebhookSecret> secrets)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        try
        {
            secrets.AddRange(WebhookSecret.ParseMany(text));
        }
        catch (FormatException e)
        {
            _problems.Add($"{key}: {e.Message}");
        }
    }

    private WebhookDialects ReadDialects(string key, IConfigurationSection? section)
    {
        var names = section is null ? [] : section.GetChildren().Select(c => c.Value).Append(section.Value)
            .SelectMany(v => (v ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        var dialects = WebhookDialects.None;
        foreach (var name in names)
        {
            var dialect = name.ToLowerInvariant() switch
            {
                "standard" => WebhookDialects.Standard,
                "guide" => WebhookDialects.Guide,
                _ => WebhookDialects.None,
            };
            if (dialect == WebhookDialects.None)
            {
                _problems.Add($"{key}: the dialects are 'standard' and 'guide', separated by a comma.");
            }

            dialects |= dialect;
        }

        return dialects == WebhookDialects.None ? WebhookDialects.All : dialects;
    }

    private IngestLimits ReadLimits(IConfigurationSection section)
    {
        var standard = new IngestLimits();
        var maxBytes = standard.MaxBodyBytes;
        if (section["MaxBodyBytes"] is { Length: > 0 } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out maxBytes) || maxBytes is < 1024 or > 16 * 1024 * 1024))
        {
            _problems.Add($"{IngestKey}:MaxBodyBytes: must be a whole number from 1024 to 16777216.");
            maxBytes = standard.MaxBodyBytes;
        }

        return new IngestLimits
        {
            MaxBodyBytes = maxBytes,
            Tolerance = ReadTime(section, "Tolerance", standard.Tolerance, TimeSpan.Zero, WebhookVerifier.MaxTolerance),
            CommitTimeout = ReadTime(
                section, "CommitTimeout", standard.CommitTimeout, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1)),
        };
    }

    private TimeSpan ReadTime(IConfigurationSection section, string name, TimeSpan standard, TimeSpan min, TimeSpan max)
    {
        if (section[name] is not { Length: > 0 } text)
        {
            return standard;
        }

        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return value;
        }

        _problems.Add($"{IngestKey}:{name}: must be a time from {min:c} to {max:c}.");
        return standard;
    }
}
